import { attribute, type Dim } from '../../model'
import type { Adapter } from '../lift-context'
import { shapeOf } from '../types-of'

/**
 * Softmax, LogSoftmax and Hardmax at 13. Before, the input was taken as a matrix: all axes before `axis` (default 1)
 * are rows, all others one row's elements. From 13 on exactly one axis is normalised.
 *
 * Where one axis holds all elements of a row, naming it is enough. Elsewhere the matrix is made by hand:
 * Flatten(axis) → Softmax(-1) → Reshape to the shape of the input.
 */
export const softmaxAxis: Adapter = (lift, node) => {
  const { editor } = lift
  const axis = lift.int(node, 'axis', 1)
  const input = lift.input(node)
  const output = lift.output(node)
  const shape = shapeOf(editor, input) ?? shapeOf(editor, output)
  const single = axis === -1 ? -1 : shape && singleAxis(shape, axis)
  if (single !== undefined) {
    if (node.attributes.has('axis') && single === axis) return undefined
    editor.setAttribute(node, attribute.int('axis', single))
    return `its axis ${single} is spelled out`
  }
  const flat = editor.addNode(
    { opType: 'Flatten', inputs: [input], outputs: [`${output.name}_flat`], attributes: [attribute.int('axis', axis)] },
    { before: node },
  )
  const dims = editor.addNode({ opType: 'Shape', inputs: [input], outputs: [`${output.name}_shape`] }, { before: node })
  editor.setInput(node, 0, lift.output(flat))
  editor.setAttribute(node, attribute.int('axis', -1))
  editor.interpose(output, { opType: 'Reshape', inputs: [lift.output(dims)], suffix: '_rows' })
  return 'rewritten as Flatten, the operator, Reshape, because it normalises several axes at once'
}

/** The one axis from `axis` on that may be longer than 1; undefined when there are several. */
function singleAxis(shape: readonly Dim[], axis: number): number | undefined {
  const start = axis < 0 ? axis + shape.length : axis
  const long = shape.flatMap((size, i) => (i >= start && size !== 1 ? [i] : []))
  if (long.length > 1) return undefined
  const [only] = long
  return only ?? (start < shape.length ? start : undefined)
}
