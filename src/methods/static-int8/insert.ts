import type { Backend } from '../../backends/backend'
import { asBytes, scalarBytes } from './bytes'
import { quantizedData } from '../../engine/quantize/tensors'
import type { DType } from '../../core/dtypes'
import type { GraphEditor, Value } from '../../graph/edit'
import { attribute, tensorFromBytes, type Graph, type LazyTensor, type Node } from '../../graph/model'
import { isWideningOf } from './operators'
import type { Placement } from './placement'
import type { ValueParameters } from './ranges'
import type { LayerBias, QuantizedWeight } from './weights'

/** Adds integers, scales and pairs to a graph. Equal scales and zero points are stored once. */
export class Inserter {
  readonly #editor: GraphEditor
  readonly #backend: Backend
  readonly #scalars = new Map<string, Value>()

  constructor(editor: GraphEditor, backend: Backend) {
    this.#editor = editor
    this.#backend = backend
  }

  /** QuantizeLinear and DequantizeLinear behind a value, for those of its readers that the placement says. */
  pair(placement: Placement, planned: ValueParameters): void {
    const { value, constant } = planned
    const editor = this.#editor
    if (constant) return this.#constant(placement, planned, constant)
    const { name } = value
    const scaling = this.#scaling(name, planned)
    const isHandedOut = [...value.uses].some((use) => use.kind === 'output' && placement.readsRestored(value, use))
    let quantize: Node
    let restored: Node
    if (isHandedOut) {
      quantize = editor.interposeAtOutput(value, { opType: 'QuantizeLinear', inputs: scaling, suffix: '_f' })
      const integers = editor.output(quantize, 0) as Value
      restored = editor.interposeAtOutput(integers, { opType: 'DequantizeLinear', inputs: scaling, suffix: '_q' })
    } else {
      const inputs = [value, ...scaling]
      quantize = editor.addNode(
        { opType: 'QuantizeLinear', name: `${name}_Q`, inputs, outputs: [`${name}_q`] },
        { after: value },
      )
      restored = this.#dequantize(name, [editor.output(quantize, 0) as Value, ...scaling])
    }
    const output = editor.output(restored, 0) as Value
    editor.replaceUses(value, output, (use) => {
      return use.kind === 'input' && use.node !== quantize && placement.readsRestored(value, use)
    })
  }

  #constant(placement: Placement, { value, parameters }: ValueParameters, tensor: LazyTensor): void {
    const editor = this.#editor
    const { name, shape } = tensor
    const data = quantizedData(this.#backend, tensor, parameters)
    const integers = editor.addInitializer(graphOf(value), { name: `${name}_q`, dtype: parameters.dtype, shape, data })
    const scaling = this.#scaling(name, { parameters })
    const restored = editor.output(this.#dequantize(name, [integers, ...scaling]), 0) as Value
    editor.replaceUses(value, restored, (use) => placement.readsRestored(value, use))
    removeUnread(editor, value)
  }

  /** The integers of a weight and one DequantizeLinear for all of its readers, captured ones included. */
  weight({ stored, axis, parameters }: QuantizedWeight): void {
    const editor = this.#editor
    const { value, tensor } = stored
    const { name, shape } = tensor
    const graph = graphOf(value)
    const data = quantizedData(this.#backend, tensor, parameters)
    const integers = editor.addInitializer(graph, { name: `${name}_q`, dtype: parameters.dtype, shape, data })
    const scale = this.#scale(graph, name, parameters.scale, axis !== null)
    const restored = editor.output(this.#dequantize(name, [integers, scale], axis), 0) as Value
    for (const anchor of anchorsOf(editor, value)) {
      if (tensor.dtype === 'float16' && anchor === value) continue
      editor.replaceUses(anchor, restored, (use) => use.kind === 'input' && !isWideningOf(use.node))
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
    const axis = isPerChannel ? shape.length - 1 : null
    const restored = this.#dequantize(name, [integers, this.#scale(graph, name, scale, isPerChannel)], axis)
    editor.setInput(layer.node, 2, editor.output(restored, 0) as Value)
    removeUnread(editor, value)
  }

  #scale(graph: Graph, name: string, scale: Float32Array<ArrayBuffer>, isVector: boolean): Value {
    if (!isVector) return this.#scalar(graph, `${name}_scale`, 'float32', scale[0] as number)
    return this.#editor.addInitializer(
      graph,
      tensorFromBytes(`${name}_scale`, 'float32', [scale.length], asBytes(scale)),
    )
  }

  #scaling(name: string, { parameters }: Pick<ValueParameters, 'parameters'>): [Value, Value] {
    const { graph } = this.#editor.model
    const scale = this.#scalar(graph, `${name}_scale`, 'float32', parameters.scale[0] as number)
    return [scale, this.#scalar(graph, `${name}_zero`, parameters.dtype, parameters.zeroPoint[0] as number)]
  }

  /** A number that the main graph holds once, whatever asks for it; sub-graphs hold their own. */
  #scalar(graph: Graph, name: string, dtype: DType, value: number): Value {
    const key = graph === this.#editor.model.graph ? `${dtype} ${value}` : ''
    const known = this.#scalars.get(key)
    if (known) return known
    const made = this.#editor.addInitializer(graph, tensorFromBytes(name, dtype, [], scalarBytes(dtype, value)))
    if (key) this.#scalars.set(key, made)
    return made
  }

  #dequantize(name: string, inputs: readonly Value[], axis: number | null = null): Node {
    const attributes = axis === null || axis === 1 ? [] : [attribute.int('axis', axis)] // 1 is the default
    const spec = { opType: 'DequantizeLinear', name: `${name}_DQ`, inputs, outputs: [`${name}_dq`], attributes }
    return this.#editor.addNode(spec, { after: inputs[0] as Value })
  }
}

function graphOf({ body }: Value): Graph {
  if (body.kind === 'graph') return body
  throw new Error(`${body.name} is a function, which holds no tensors`)
}

/** A stored value and what widens it, the stored one first. */
function anchorsOf(editor: GraphEditor, value: Value): Value[] {
  const found = [value]
  for (const anchor of found) {
    for (const use of anchor.uses) {
      if (use.kind !== 'input' || use.body !== value.body || !isWideningOf(use.node)) continue
      const output = editor.output(use.node, 0)
      if (output) found.push(output)
    }
  }
  return found
}

function removeUnread(editor: GraphEditor, value: Value): void {
  if (value.uses.size > 0) return
  if (value.producer) editor.removeNode(value.producer)
  else editor.removeInitializer(value)
}
