import type { Backend } from '../../backends/backend'
import { elementCount } from '../../core/dtypes'
import type { Bytes } from '../../core/bytes'
import type { IntegerStorage } from '../../engine/quantize/integers'
import { integerBytes, scalingOf } from '../../engine/quantize/scaling'
import { quantizedData } from '../../engine/quantize/tensors'
import type { GraphEditor, NodeSpec, Value } from '../../graph/edit'
import { attribute, tensorFromBytes, type Graph, type LazyTensor, type Node } from '../../graph/model'
import { anchorsOf, widens } from './operators'
import type { Placement } from './placement'
import type { ValueParameters } from './ranges'
import type { LayerBias, QuantizedWeight } from './weights'

/** Has QuantizeLinear and DequantizeLinear of 16 bits for every opset. */
const MICROSOFT = 'com.microsoft'

/**
 * Adds integers, scales and pairs to a graph. Equal scales and zero points are stored once, and the nodes have no names, which are
 * optional: in small models of long names these would take a percent of the file.
 */
export class Inserter {
  readonly #editor: GraphEditor
  readonly #backend: Backend
  /** Of pairs with 16 bits. */
  readonly #wideDomain: string
  readonly #scalars = new Map<string, Value>()

  constructor(editor: GraphEditor, backend: Backend, hasWide: boolean) {
    this.#editor = editor
    this.#backend = backend
    this.#wideDomain = hasWide ? '' : MICROSOFT
  }

  /** QuantizeLinear and DequantizeLinear behind a value, for those of its readers that the placement says. */
  pair(placement: Placement, planned: ValueParameters): void {
    const { value, constant } = planned
    const editor = this.#editor
    if (constant) return this.#constant(placement, planned, constant)
    const { name } = value
    const scaling = this.#scaling(name, planned)
    const domain = this.#domainOf(planned)
    const isHandedOut = [...value.uses].some((use) => use.kind === 'output' && placement.readsRestored(value, use))
    let quantize: Node
    let restored: Node
    if (isHandedOut) {
      quantize = editor.interposeAtOutput(value, { opType: 'QuantizeLinear', domain, inputs: scaling, suffix: '_f' })
      const integers = editor.output(quantize, 0) as Value
      restored = editor.interposeAtOutput(integers, {
        opType: 'DequantizeLinear',
        domain,
        inputs: scaling,
        suffix: '_q',
      })
    } else {
      const spec = {
        opType: 'QuantizeLinear',
        domain,
        name: '',
        inputs: [value, ...scaling],
        outputs: [`${name}_q`],
      }
      quantize = editor.addNode(spec, { after: value })
      restored = this.#dequantize(name, [editor.output(quantize, 0) as Value, ...scaling], { domain })
    }
    const output = editor.output(restored, 0) as Value
    editor.replaceUses(value, output, (use) => {
      return use.kind === 'input' && use.node !== quantize && placement.readsRestored(value, use)
    })
  }

  #domainOf({ parameters }: ValueParameters): string {
    const domain = parameters.dtype.endsWith('16') ? this.#wideDomain : ''
    if (domain && !this.#editor.model.opsets.has(domain)) this.#editor.setOpset(domain, 1, this.#editor.model)
    return domain
  }

  #constant(placement: Placement, planned: ValueParameters, tensor: LazyTensor): void {
    const { value, parameters } = planned
    const editor = this.#editor
    const { name, shape } = tensor
    const data = quantizedData(this.#backend, tensor, parameters)
    const integers = editor.addInitializer(graphOf(value), { name: `${name}_q`, dtype: parameters.dtype, shape, data })
    const scaling = this.#scaling(name, planned)
    const restored = editor.output(
      this.#dequantize(name, [integers, ...scaling], { domain: this.#domainOf(planned) }),
      0,
    ) as Value
    editor.replaceUses(value, restored, (use) => placement.readsRestored(value, use))
    removeUnread(editor, value)
  }

  /** The integers of a weight and one DequantizeLinear for all of its readers, captured ones included. */
  weight({ stored, granularity, parameters, hasZeroPoint }: QuantizedWeight): void {
    const editor = this.#editor
    const { value, tensor } = stored
    const { name, shape } = tensor
    const graph = graphOf(value)
    const data = quantizedData(this.#backend, tensor, parameters)
    const integers = editor.addInitializer(graph, { name: `${name}_q`, dtype: parameters.dtype, shape, data })
    const { scale, attributes } = scalingOf(name, shape, granularity, parameters)
    const inputs = [integers, editor.addInitializer(graph, scale)]
    if (hasZeroPoint) inputs.push(this.#zeros(graph, { ...scale, name: `${name}_zero`, dtype: parameters.dtype }))
    const restored = editor.output(this.#dequantize(name, inputs, { attributes }), 0) as Value
    for (const anchor of anchorsOf(editor, value)) {
      if (tensor.dtype === 'float16' && anchor === value) continue
      editor.replaceUses(anchor, restored, (use) => use.kind === 'input' && !widens(use.node))
    }
    for (const anchor of anchorsOf(editor, value).toReversed()) removeUnread(editor, anchor)
  }

  /** Replaces the bias of one layer. */
  bias({ layer, value, tensor, quantized: { values, scale } }: LayerBias): void {
    const editor = this.#editor
    const { name, shape } = tensor
    const graph = graphOf(editor.input(layer.node, 2) as Value)
    const integers = editor.addInitializer(graph, tensorFromBytes(`${name}_q`, 'int32', shape, asBytes(values)))
    const isPerChannel = scale.length > 1
    const scales = tensorFromBytes(`${name}_scale`, 'float32', isPerChannel ? [scale.length] : [], asBytes(scale))
    const axis = isPerChannel && shape.length !== 2 ? [attribute.int('axis', shape.length - 1)] : [] // 1 is the default
    const restored = this.#dequantize(name, [integers, editor.addInitializer(graph, scales)], { attributes: axis })
    editor.setInput(layer.node, 2, editor.output(restored, 0) as Value)
    removeUnread(editor, value)
  }

  #scaling(name: string, { parameters }: Pick<ValueParameters, 'parameters'>): [Value, Value] {
    const { graph } = this.#editor.model
    const { dtype, scale, zeroPoint } = parameters
    const zero = tensorFromBytes(`${name}_zero`, dtype, [], integerBytes(dtype, zeroPoint))
    return [
      this.#small(graph, tensorFromBytes(`${name}_scale`, 'float32', [], asBytes(scale)), scale),
      this.#small(graph, zero, zeroPoint),
    ]
  }

  /** As many zero points as there are scales; all are 0. */
  #zeros(graph: Graph, { name, dtype, shape }: LazyTensor): Value {
    const count = elementCount(shape)
    const bytes = integerBytes(dtype as IntegerStorage, new Int8Array(count))
    return this.#small(graph, tensorFromBytes(name, dtype, shape, bytes), ['zeros', count])
  }

  /** A tensor that the main graph holds once, whatever asks for it; sub-graphs hold their own. */
  #small(graph: Graph, tensor: LazyTensor, contents: ArrayLike<unknown>): Value {
    const key = `${tensor.dtype} [${tensor.shape.join()}] ${Array.from(contents).join()}`
    const isMain = graph === this.#editor.model.graph
    const known = isMain ? this.#scalars.get(key) : undefined
    if (known) return known
    const made = this.#editor.addInitializer(graph, tensor)
    if (isMain) this.#scalars.set(key, made)
    return made
  }

  #dequantize(
    name: string,
    inputs: readonly Value[],
    form: Partial<Pick<NodeSpec, 'attributes' | 'domain'>> = {},
  ): Node {
    const spec = { ...form, opType: 'DequantizeLinear', name: '', inputs, outputs: [`${name}_dq`] }
    return this.#editor.addNode(spec, { after: inputs[0] as Value })
  }
}

function graphOf({ body }: Value): Graph {
  if (body.kind === 'graph') return body
  throw new Error(`${body.name} is a function, which holds no tensors`)
}

function removeUnread(editor: GraphEditor, value: Value): void {
  if (value.uses.size > 0) return
  if (value.producer) editor.removeNode(value.producer)
  else editor.removeInitializer(value)
}

function asBytes(values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
