import { dtypeFromOnnx, dtypeToOnnx } from '../../core/dtypes'
import type { Backend } from '../../backends/backend'
import { assert } from '../../core/errors'
import type { Bytes } from '../../core/bytes'
import type { GraphEditor, NodeSpec, Use, Value } from '../../graph/edit'
import { attribute, intAttribute, tensorFromBytes, type LazyTensor, type Node } from '../../graph/model'
import type { Granularity } from '../../engine/quantize/granularity'
import type { Parameters } from '../../engine/quantize/parameters'
import { scalingOf } from '../../engine/quantize/scaling'
import { quantizedData } from '../../engine/quantize/tensors'
import type { Plan } from './plan'

export type Form = 'dequantize' | 'cast-multiply'

/**
 * Replaces a float constant by its integers and the nodes that restore it: one chain for all readers, at the start of
 * the body that held the constant, so that sub-graphs which capture it read the restored value too.
 */
export function insertQuantized(
  editor: GraphEditor,
  backend: Backend,
  plan: Plan,
  parameters: Parameters,
  form: Form,
): void {
  const { value, tensor } = plan.stored
  const { name } = tensor
  const place = placeAtStart(editor, value)
  const data = quantizedData(backend, tensor, parameters)
  const q = place.constant({ name: `${name}_q`, dtype: parameters.dtype, shape: tensor.shape, data })
  const restored =
    form === 'dequantize' ? dequantized(place, q, plan, parameters) : multiplied(place, q, plan, parameters)
  if (tensor.dtype === 'float32') editor.replaceUses(value, restored)
  else redirectHalf(editor, value, restored, place.node, name)
  removeConstant(editor, value)
}

type Place = ReturnType<typeof placeAtStart>

/** One DequantizeLinear. */
function dequantized(place: Place, q: Value, { stored, axis }: Plan, parameters: Parameters): Value {
  const { name, shape } = stored.tensor
  const granularity: Granularity = axis === null ? { kind: 'tensor' } : { kind: 'channel', axis }
  const { scale, zeroPoint, attributes } = scalingOf(name, shape, granularity, parameters)
  const inputs = [q, place.constant(scale), ...(zeroPoint ? [place.constant(zeroPoint)] : [])]
  return place.node({ opType: 'DequantizeLinear', name: `${name}_DQ`, inputs, outputs: [`${name}_dq`], attributes })
}

/** Cast, Sub and Mul, which every opset has. */
function multiplied(place: Place, q: Value, plan: Plan, { scale, zeroPoint }: Parameters): Value {
  const { name } = plan.stored.tensor
  const constant = (suffix: string, values: Float32Array<ArrayBuffer>) =>
    place.constant(tensorFromBytes(`${name}_${suffix}`, 'float32', broadcastShape(plan), bytesOf(values)))
  const factor = constant('scale', scale)
  const to = [attribute.int('to', dtypeToOnnx('float32'))]
  const cast = { opType: 'Cast', name: `${name}_Cast`, inputs: [q], outputs: [`${name}_f`], attributes: to }
  let restored = place.node(cast)
  if (zeroPoint.some((point) => point !== 0)) {
    const inputs = [restored, constant('zero', Float32Array.from(zeroPoint))]
    restored = place.node({ opType: 'Sub', name: `${name}_Sub`, inputs, outputs: [`${name}_d`] })
  }
  return place.node({ opType: 'Mul', name: `${name}_Mul`, inputs: [restored, factor], outputs: [`${name}_dq`] })
}

/** Readers of a float16 constant: a Cast to float32 is what the restored value already is; others get it as float16. */
function redirectHalf(
  editor: GraphEditor,
  value: Value,
  restored: Value,
  addNode: (spec: NodeSpec) => Value,
  name: string,
): void {
  const uses = [...value.uses].filter((use): use is Use & { kind: 'input' } => use.kind === 'input')
  const widening = uses.filter(
    ({ node }) => node.opType === 'Cast' && dtypeFromOnnx(intAttribute(node, 'to') ?? 0) === 'float32',
  )
  for (const { node } of widening) {
    editor.setInput(node, 0, restored)
    // stays, as a Cast from float32 to float32, where its output's name must survive
    const output = editor.output(node, 0)
    if (output && !editor.isOutput(output)) editor.bypass(node)
  }
  if (widening.length === uses.length) return
  const half = addNode({
    opType: 'Cast',
    name: `${name}_Cast16`,
    inputs: [restored],
    outputs: [`${name}_half`],
    attributes: [attribute.int('to', dtypeToOnnx('float16'))],
  })
  editor.replaceUses(value, half)
}

/** Adds constants at the start of a body, and nodes after their first input. */
function placeAtStart(editor: GraphEditor, value: Value) {
  const { body } = value
  const output = (node: Node): Value => {
    const made = editor.output(node, 0)
    assert(made, `${node.name} has no output`)
    return made
  }
  const node = (spec: NodeSpec) => output(editor.addNode(spec, { after: spec.inputs[0] as Value }))
  const constant = (tensor: LazyTensor): Value => {
    if (body.kind === 'graph') return editor.addInitializer(body, tensor)
    // Functions hold no initializers. Each goes before the earlier ones, so what follows the first follows all.
    const attributes = [attribute.tensor('value', tensor)]
    return output(
      editor.addNode({ opType: 'Constant', inputs: [], outputs: [tensor.name], attributes }, { startOf: body }),
    )
  }
  return { node, constant }
}

function removeConstant(editor: GraphEditor, value: Value): void {
  if (value.producer) editor.removeNode(value.producer)
  else editor.removeInitializer(value)
}

/** Mul broadcasts, so the scale has 1 in every axis behind its own. */
function broadcastShape({ stored, axis }: Plan): readonly number[] {
  if (axis === null) return []
  return stored.tensor.shape.slice(axis).map((size, i) => (i === 0 ? size : 1))
}

function bytesOf(values: Float32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
