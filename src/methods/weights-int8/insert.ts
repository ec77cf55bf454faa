import { dtypeFromOnnx, dtypeToOnnx } from '../../core/dtypes'
import type { Backend } from '../../backends/backend'
import { assert } from '../../core/errors'
import type { Bytes } from '../../core/bytes'
import type { GraphEditor, NodeSpec, Use, Value } from '../../graph/edit'
import { attribute, intAttribute, tensorFromBytes, type LazyTensor, type Node } from '../../graph/model'
import type { Parameters } from '../../engine/quantize/parameters'
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
  const { dtype, zeroPoint } = parameters
  const hasZeroPoint = zeroPoint.some((point) => point !== 0)
  const scaleShape = shapeOfScale(plan, form)
  const quantized: LazyTensor = {
    name: `${name}_q`,
    dtype,
    shape: tensor.shape,
    data: quantizedData(backend, tensor, parameters),
  }
  const q = place.constant(quantized)
  const scale = place.constant(tensorFromBytes(`${name}_scale`, 'float32', scaleShape, bytesOf(parameters.scale)))
  let restored: Value
  if (form === 'dequantize') {
    // An absent zero point means 0, in the dtype of the integers
    const zero = hasZeroPoint
      ? place.constant(tensorFromBytes(`${name}_zero`, dtype, scaleShape, Uint8Array.from(zeroPoint)))
      : null
    const axis = plan.axis === null || plan.axis === 1 ? [] : [attribute.int('axis', plan.axis)] // 1 is the default
    const inputs = zero ? [q, scale, zero] : [q, scale]
    restored = place.node({
      opType: 'DequantizeLinear',
      name: `${name}_DQ`,
      inputs,
      outputs: [`${name}_dq`],
      attributes: axis,
    })
  } else {
    const to = [attribute.int('to', dtypeToOnnx('float32'))]
    restored = place.node({ opType: 'Cast', name: `${name}_Cast`, inputs: [q], outputs: [`${name}_f`], attributes: to })
    if (hasZeroPoint) {
      const zero = place.constant(
        tensorFromBytes(`${name}_zero`, 'float32', scaleShape, bytesOf(Float32Array.from(zeroPoint))),
      )
      restored = place.node({ opType: 'Sub', name: `${name}_Sub`, inputs: [restored, zero], outputs: [`${name}_d`] })
    }
    restored = place.node({ opType: 'Mul', name: `${name}_Mul`, inputs: [restored, scale], outputs: [`${name}_dq`] })
  }
  if (tensor.dtype === 'float32') editor.replaceUses(value, restored)
  else redirectHalf(editor, value, restored, place.node, name)
  removeConstant(editor, value)
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

/** DequantizeLinear takes a vector along its axis; Mul broadcasts, so the scale has 1 in every other axis. */
function shapeOfScale(plan: Plan, form: Form): readonly number[] {
  const { shape } = plan.stored.tensor
  if (plan.axis === null) return []
  const channels = shape[plan.axis] as number
  return form === 'dequantize' ? [channels] : shape.slice(plan.axis).map((_, i) => (i === 0 ? channels : 1))
}

function bytesOf(values: Float32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
