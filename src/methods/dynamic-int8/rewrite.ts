import type { Bytes } from '../../core/bytes'
import { dtypeToOnnx } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { asNumbers } from '../../core/tensor'
import { loadTensor } from '../../graph/constants'
import type { GraphEditor, Value } from '../../graph/edit'
import {
  attribute,
  floatAttribute,
  intAttribute,
  tensorFromBytes,
  type Attribute,
  type Body,
  type LazyTensor,
  type Node,
} from '../../graph/model'
import type { LayerPlan } from './plan'
import type { IntegerWeight, IntegerWeights } from './weights'

const FLOAT = attribute.int('to', dtypeToOnnx('float32'))

const bytesOf = (values: Float32Array<ArrayBuffer>): Bytes =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** Puts integer operators in the place of layers. Layers keep the names of their nodes, and outputs theirs. */
export class Rewriter {
  readonly #editor: GraphEditor
  readonly #weights: IntegerWeights
  /** One DynamicQuantizeLinear for all readers of a value in a body: integers, scale, zero point. */
  readonly #quantized = new Map<Body, Map<Value, readonly [Value, Value, Value]>>()
  readonly #stored = new Map<string, Value>()

  constructor(editor: GraphEditor, weights: IntegerWeights) {
    this.#editor = editor
    this.#weights = weights
  }

  async rewrite(plan: LayerPlan): Promise<void> {
    const { node } = plan
    const before = node.inputs.map((_, index) => this.#editor.input(node, index))
    if (node.opType === 'LSTM') this.#lstm(plan)
    else await this.#product(plan)
    for (const value of before) this.#removeUnread(value)
  }

  /** y = Cast(integer product) · (scale of x · scale of the weight) + bias. */
  async #product({ node, weights }: LayerPlan): Promise<void> {
    const editor = this.#editor
    const source = weights.find(({ input }) => input === 1)
    const weight = source && this.#weights.get(source.value)
    assert(weight, `${node.name} has no weight`)
    const isConv = node.opType === 'Conv'
    const bias = await this.#bias(node, isConv ? weight.integers.shape.length : 0)
    const scale = this.#scaleOf(node, weight)
    const name = nameOfOutput(node)
    const [x, xScale, xZero] = this.#quantize(node)
    const left = !isConv && intAttribute(node, 'transA') ? this.#turned(node, x, `${x.name}_turned`) : x
    const right = this.#integers(node, weight, source.isTurned)
    const factor = this.#add(node, 'Mul', [xScale, scale], `${name}_scale`)
    for (const one of isConv ? [] : [...node.attributes.keys()]) editor.removeAttribute(node, one)
    editor.setOperator(node, isConv ? 'ConvInteger' : 'MatMulInteger')
    for (const [index, input] of [left, right, xZero].entries()) editor.setInput(node, index, input)
    const y = editor.output(node, 0)
    assert(y, `${node.name} has no output`)
    const type = editor.typeOf(y)
    const shape = type?.kind === 'tensor' && type.shape ? { shape: type.shape } : {}
    const declare = (dtype: 'int32' | 'float32') => ({ kind: 'tensor' as const, dtype, ...shape })
    editor.interpose(y, { opType: 'Cast', attributes: [FLOAT], suffix: '_int32', type: declare('int32') })
    const made = () => editor.resolve(editor.bodyOf(node), name) as Value
    editor.interpose(made(), { opType: 'Mul', inputs: [factor], suffix: '_float', type: declare('float32') })
    if (bias) {
      editor.interpose(made(), { opType: 'Add', inputs: [bias], suffix: '_product', type: declare('float32') })
    }
  }

  /**
   * Constants of Gemm and Conv, shaped and scaled as an Add wants them; others behind a Reshape, or a Mul by beta.
   * @param rank of a convolution's values, else 0
   */
  async #bias(node: Node, rank: number): Promise<Value | undefined> {
    const editor = this.#editor
    const given = node.opType === 'MatMul' ? undefined : editor.input(node, 2)
    const beta = node.opType === 'Gemm' ? (floatAttribute(node, 'beta') ?? 1) : 1
    if (!given || beta === 0) return undefined
    const tensor = editor.constant(given)
    if (tensor?.dtype === 'float32') {
      if (rank === 0 && beta === 1) return given
      const shape = rank > 0 ? [1, ...tensor.shape, ...Array<number>(rank - 2).fill(1)] : tensor.shape
      const values = Float32Array.from(asNumbers(await loadTensor(tensor)), (value) => value * beta)
      return this.#constant(given.body, tensorFromBytes(`${given.name}_bias`, 'float32', shape, bytesOf(values)))
    }
    if (rank > 0) {
      const target = [1, -1, ...Array<number>(rank - 2).fill(1)].map(BigInt)
      const bytes = new Uint8Array(BigInt64Array.from(target).buffer)
      const shape = this.#constant(given.body, tensorFromBytes(`${given.name}_shape`, 'int64', [rank], bytes))
      return this.#add(node, 'Reshape', [given, shape], `${given.name}_bias`)
    }
    if (beta === 1) return given
    const bytes = bytesOf(Float32Array.of(beta))
    const factor = this.#constant(given.body, tensorFromBytes(`${given.name}_beta`, 'float32', [], bytes))
    return this.#add(node, 'Mul', [given, factor], `${given.name}_bias`)
  }

  #quantize(node: Node): readonly [Value, Value, Value] {
    const editor = this.#editor
    const x = editor.input(node, 0)
    assert(x, `${node.name} has no input`)
    const body = editor.bodyOf(node)
    const known = this.#quantized.get(body) ?? new Map<Value, readonly [Value, Value, Value]>()
    this.#quantized.set(body, known)
    const found = known.get(x)
    if (found) return found
    const outputs = ['q', 'scale', 'zero'].map((suffix) => `${x.name}_${suffix}`)
    const spec = { opType: 'DynamicQuantizeLinear', name: `${x.name}_Quantize`, inputs: [x], outputs }
    const made = editor.addNode(spec, { before: node })
    const values = [0, 1, 2].map((index) => editor.output(made, index) as Value) as [Value, Value, Value]
    known.set(x, values)
    return values
  }

  #scaleOf(node: Node, { source, parameters }: IntegerWeight): Value {
    const alpha = node.opType === 'Gemm' ? (floatAttribute(node, 'alpha') ?? 1) : 1
    const { scale } = parameters
    const rank = node.opType === 'Conv' ? source.tensor.shape.length - 1 : 1
    const shape = scale.length === 1 ? [] : [scale.length, ...Array<number>(rank - 1).fill(1)]
    const values = alpha === 1 ? scale : scale.map((value) => value * alpha)
    const name = `${source.value.name}_scale${alpha === 1 ? '' : '_alpha'}`
    return this.#shared(source.value, tensorFromBytes(name, 'float32', shape, bytesOf(values)), `${alpha}:${rank}`)
  }

  /** The stored integers, turned where the layer reads them so. */
  #integers(node: Node, { source, integers }: IntegerWeight, isTurned: boolean): Value {
    const stored = this.#shared(source.value, integers, 'q')
    return isTurned ? this.#turned(node, stored, `${integers.name}_turned`) : stored
  }

  #turned(node: Node, value: Value, name: string): Value {
    return this.#add(node, 'Transpose', [value], name, [attribute.ints('perm', [1, 0])])
  }

  /** W and R become [directions, inputs, gates], with scales and zero points behind all other inputs. */
  #lstm({ node, weights }: LayerPlan): void {
    const editor = this.#editor
    const turned = [attribute.ints('perm', [0, 2, 1])]
    for (const { input, value } of weights) {
      const weight = this.#weights.get(value)
      assert(weight, `${node.name} has no weight`)
      const { source, integers, parameters } = weight
      const [directions = 1, gates = 1] = integers.shape
      const { scale } = parameters
      const shape = scale.length === directions ? [directions] : [directions, gates]
      const name = source.value.name
      const stored = this.#shared(value, integers, 'q')
      const zeros = tensorFromBytes(`${name}_zero`, 'int8', shape, new Uint8Array(scale.length))
      const at = 8 + 2 * (input - 1)
      editor.setInput(node, input, this.#add(node, 'Transpose', [stored], `${integers.name}_turned`, turned))
      editor.setInput(
        node,
        at,
        this.#shared(value, tensorFromBytes(`${name}_scale`, 'float32', shape, bytesOf(scale)), 's'),
      )
      editor.setInput(node, at + 1, this.#shared(value, zeros, 'z'))
    }
    editor.removeAttribute(node, 'layout')
    editor.setOperator(node, 'DynamicQuantizeLSTM', 'com.microsoft')
    if (!editor.model.opsets.has('com.microsoft')) editor.setOpset('com.microsoft', 1, editor.model)
  }

  #add(
    node: Node,
    opType: string,
    inputs: readonly Value[],
    output: string,
    attributes: readonly Attribute[] = [],
  ): Value {
    const editor = this.#editor
    const made = editor.addNode({ opType, inputs, outputs: [output], attributes }, { before: node })
    return editor.output(made, 0) as Value
  }

  /** Added once for all layers that share a weight. */
  #shared(value: Value, tensor: LazyTensor, key: string): Value {
    const id = `${value.name}:${key}`
    const known = this.#stored.get(id) ?? this.#constant(value.body, tensor)
    this.#stored.set(id, known)
    return known
  }

  #constant(body: Body, tensor: LazyTensor): Value {
    return this.#editor.addInitializer(body.kind === 'graph' ? body : this.#editor.model.graph, tensor)
  }

  /** Float weights, and nodes on the way from them, that nothing reads any more. */
  #removeUnread(value: Value | undefined): void {
    const editor = this.#editor
    if (!value || value.uses.size > 0 || value.isInput) return
    const { producer, body, name } = value
    if (producer) {
      if (!editor.has(producer) || producer.outputs.some((_, i) => editor.output(producer, i)?.uses.size)) return
      const inputs = producer.inputs.map((_, index) => editor.input(producer, index))
      editor.removeNode(producer)
      for (const input of inputs) this.#removeUnread(input)
    } else if (body.kind === 'graph' && body.initializers.has(name)) editor.removeInitializer(value)
  }
}

const nameOfOutput = (node: Node): string => node.outputs[0] as string
