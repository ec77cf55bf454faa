/**
 * Operators that were never more than experiments: onnxruntime runs them up to opset 9 only. Each is rewritten by
 * standard ones, which keep its output's name.
 */
import type { Value } from '../../edit'
import type { Node } from '../../model'
import { LiftBlocked, type Adapter, type LiftContext } from '../lift-context'

const END = 2n ** 63n - 1n

/** scale · x + bias of the channel */
export const imageScaler: Adapter = (lift, node) => {
  const scale = lift.float(node, 'scale', 1)
  const bias = lift.attribute(node, 'bias', 'floats') ?? []
  const scaled = scale === 1 && bias.length > 0 ? lift.input(node) : multiply(lift, node, lift.input(node), scale)
  if (bias.length === 0) return finish(lift, node, 'Identity', [scaled])
  const offsets = lift.floats(node, 'bias', bias, { shape: [bias.length, 1, 1] })
  return finish(lift, node, 'Add', [scaled, offsets])
}

/** Cuts `border` = [left, top, right, bottom] off images, or with `scale` = [height, width] takes that much from there. */
export const crop: Adapter = (lift, node) => {
  const border = lift.attribute(node, 'border', 'ints')
  const size = lift.attribute(node, 'scale', 'ints')
  if (border?.length !== 4) throw new LiftBlocked('its attribute border does not have 4 numbers')
  const [left, top, right, bottom] = border as readonly [bigint, bigint, bigint, bigint]
  const ends =
    size?.length === 2
      ? [top + (size[0] as bigint), left + (size[1] as bigint)]
      : [bottom === 0n ? END : -bottom, right === 0n ? END : -right]
  const inputs = [
    lift.input(node),
    lift.ints(node, 'starts', [top, left]),
    lift.ints(node, 'ends', ends),
    lift.ints(node, 'axes', [2, 3]),
  ]
  return finish(lift, node, 'Slice', inputs)
}

/** alpha · x + beta */
export const affine: Adapter = (lift, node) => {
  const scaled = multiply(lift, node, lift.input(node), lift.float(node, 'alpha', 1))
  const beta = lift.floats(node, 'beta', [lift.float(node, 'beta', 0)], { shape: [] })
  return finish(lift, node, 'Add', [scaled, beta])
}

/** alpha · f(beta · x) with f = Softplus or Tanh */
function scaledCurve(opType: string): Adapter {
  return (lift, node) => {
    const { alpha, beta } = { alpha: lift.float(node, 'alpha', 1), beta: lift.float(node, 'beta', 1) }
    const inner = multiply(lift, node, lift.input(node), beta)
    const curve = lift.editor.addNode(
      { opType, inputs: [inner], outputs: [`${lift.output(node).name}_curve`] },
      { before: node },
    )
    const factor = lift.floats(node, 'alpha', [alpha], { shape: [] })
    return finish(lift, node, 'Mul', [lift.output(curve), factor])
  }
}

export const parametricSoftplus = scaledCurve('Softplus')
export const scaledTanh = scaledCurve('Tanh')

function multiply(lift: LiftContext, node: Node, value: Value, factor: number): Value {
  const scale = lift.floats(node, 'scale', [factor], { shape: [] })
  const spec = { opType: 'Mul', inputs: [value, scale], outputs: [`${lift.output(node).name}_scaled`] }
  return lift.output(lift.editor.addNode(spec, { before: node }))
}

/** Turns the node itself into the last of the standard ones, so that its output stays. */
function finish(lift: LiftContext, node: Node, opType: string, inputs: readonly Value[]): string {
  const { editor } = lift
  const before = node.opType
  for (const name of [...node.attributes.keys()]) editor.removeAttribute(node, name)
  editor.setOperator(node, opType)
  inputs.forEach((value, i) => editor.setInput(node, i, value))
  return `${before} was rewritten by standard operators`
}
