import { assert } from '../../core/errors'
import type { GraphEditor, Value } from '../../graph/edit'
import type { Attribute, LazyTensor } from '../../graph/model'

/** A node that restores what readers of a constant had, from its smaller form. */
export interface Restoring {
  opType: string
  /** Wished name of the restored value. */
  output: string
  /** Inputs around the smaller form; it is the first input where this is left out. */
  inputs?: (stored: Value) => readonly (Value | null)[]
  attributes?: readonly Attribute[]
}

/**
 * Stores `stored` under the constant's own name, and lets all its readers read a node that restores it.
 * The constant must not be an output of its body.
 */
export function replaceByNode(editor: GraphEditor, value: Value, stored: LazyTensor, restoring: Restoring): Value {
  const { inputs = (first: Value) => [first] } = restoring
  const before = new Set(value.uses)
  const node = editor.addNode(
    {
      opType: restoring.opType,
      inputs: inputs(value),
      outputs: [restoring.output],
      attributes: restoring.attributes ?? [],
    },
    { after: value },
  )
  const restored = editor.output(node, 0)
  assert(restored, `${node.name} makes no value`)
  editor.replaceUses(value, restored, (use) => before.has(use))
  const isDeclared = value.body.valueInfo.has(value.name)
  editor.replaceConstant(value, { ...stored, name: value.producer ? '' : value.name })
  if (isDeclared) editor.setType(value, { kind: 'tensor', dtype: stored.dtype, shape: stored.shape })
  return restored
}
