import type { DType } from '../../../core/dtypes'
import { asNumbers, roundHalfEven } from '../../../core/tensor'
import { loadTensor } from '../../../graph/constants'
import type { GraphEditor, Value } from '../../../graph/edit'
import { intAttribute, type LazyTensor, type Node } from '../../../graph/model'

/** How integers stand for numbers: x = (q − zero point) · scale. Both are constants. */
export interface Scaling {
  readonly dtype: DType
  readonly scale: Value
  /** null: 0. */
  readonly zeroPoint: Value | null
}

/** A number that a DequantizeLinear makes of integers. */
export interface Dequantized extends Scaling {
  readonly integers: Value
  /** null: one scale for all. */
  readonly axis: number | null
}

/** A value that nothing but QuantizeLinear reads, always with one scale. */
export interface Quantized extends Scaling {
  readonly nodes: readonly [Node, ...Node[]]
}

/** Integers that integer operators take. */
export const isByte = (dtype: DType): boolean => dtype === 'int8' || dtype === 'uint8'

export const lowestOf = (dtype: DType): number => (dtype === 'int8' ? -128 : 0)
export const highestOf = (dtype: DType): number => (dtype === 'int8' ? 127 : 255)

const DOMAINS: readonly string[] = ['', 'ai.onnx', 'com.microsoft']
const isQuantize = ({ opType, domain }: Node) => opType === 'QuantizeLinear' && DOMAINS.includes(domain)
export const isDequantize = ({ opType, domain }: Node): boolean =>
  opType === 'DequantizeLinear' && DOMAINS.includes(domain)

/** Reads what QuantizeLinear and DequantizeLinear say around the values of a graph. */
export class QdqReader {
  readonly #editor: GraphEditor
  readonly #numbers = new Map<LazyTensor, Float64Array>()
  /** Integers that a QuantizeLinear made in the beginning. */
  readonly #made = new Map<Value, DType>()

  private constructor(editor: GraphEditor) {
    this.#editor = editor
  }

  /** With all constant scales and zero points read. */
  static async of(editor: GraphEditor): Promise<QdqReader> {
    const reader = new QdqReader(editor)
    for (const node of editor.nodes()) {
      if (!isQuantize(node) && !isDequantize(node)) continue
      for (const index of [1, 2]) {
        const tensor = editor.constant(editor.input(node, index))
        if (tensor && !reader.#numbers.has(tensor)) reader.#numbers.set(tensor, asNumbers(await loadTensor(tensor)))
      }
      const made = isQuantize(node) ? editor.output(node, 0) : undefined
      const scaling = made && reader.#scaling(node)
      if (scaling) reader.#made.set(made, scaling.dtype)
    }
    return reader
  }

  /** undefined: made by something else, in blocks, or with scales that are not constant. */
  dequantized(value: Value | undefined): Dequantized | undefined {
    const node = value?.producer
    if (!node || !isDequantize(node) || (intAttribute(node, 'block_size') ?? 0) > 0) return undefined
    const integers = this.#editor.input(node, 0)
    const scaling = this.#scaling(node)
    const shape = scaling && this.#editor.constant(scaling.scale)?.shape
    if (!integers || !scaling || !shape || shape.length > 1) return undefined
    if (shape.length === 0 || shape[0] === 1) return { ...scaling, integers, axis: null }
    const axis = intAttribute(node, 'axis') ?? 1
    const rank = this.#editor.constant(integers)?.shape.length
    if (axis < 0 && rank === undefined) return undefined
    return { ...scaling, integers, axis: axis < 0 ? axis + (rank as number) : axis }
  }

  /** undefined: something else reads it, with two scales, or as two outputs of the graph. */
  quantized(value: Value | undefined): Quantized | undefined {
    if (!value || value.uses.size === 0) return undefined
    const nodes: Node[] = []
    for (const use of value.uses) {
      if (use.kind !== 'input' || use.index !== 0 || use.body !== value.body || !isQuantize(use.node)) return undefined
      if ((intAttribute(use.node, 'block_size') ?? 0) > 0) return undefined
      nodes.push(use.node)
    }
    const body = value.body
    nodes.sort((a, b) => body.nodes.indexOf(a) - body.nodes.indexOf(b))
    const [first, ...others] = nodes as [Node, ...Node[]]
    const scaling = this.#scaling(first)
    if (!scaling || this.numbers(scaling.scale).length !== 1) return undefined
    const isSame = (node: Node) => {
      const other = this.#scaling(node)
      return other !== undefined && this.isSame(other, scaling)
    }
    const isHandedOut = (node: Node) => {
      const made = this.#editor.output(node, 0)
      return !made || this.#editor.isOutput(made)
    }
    if (others.length > 0 && nodes.some(isHandedOut)) return undefined
    return others.every(isSame) ? { ...scaling, nodes: [first, ...others] } : undefined
  }

  /** Whether the same integer stands for the same number. */
  isSame(a: Scaling, b: Scaling): boolean {
    return a.dtype === b.dtype && this.scaleOf(a) === this.scaleOf(b) && this.zeroOf(a) === this.zeroOf(b)
  }

  /** Of a scaling for all elements. */
  scaleOf({ scale }: Scaling): number {
    return this.numbers(scale)[0] as number
  }

  zeroOf({ zeroPoint }: Scaling): number {
    return zeroPoint ? (this.numbers(zeroPoint)[0] as number) : 0
  }

  /** What QuantizeLinear makes of a number. */
  quantize(x: number, scaling: Scaling): number {
    const steps = roundHalfEven(Math.fround(Math.fround(x) / this.scaleOf(scaling))) + this.zeroOf(scaling)
    return Math.min(highestOf(scaling.dtype), Math.max(lowestOf(scaling.dtype), steps))
  }

  /** Of a scale or zero point. */
  numbers(value: Value): Float64Array {
    const tensor = this.#editor.constant(value)
    return (tensor && this.#numbers.get(tensor)) ?? new Float64Array(0)
  }

  #scaling(node: Node): Scaling | undefined {
    const editor = this.#editor
    const [scale, zeroPoint] = [editor.input(node, 1), editor.input(node, 2) ?? null]
    const tensor = editor.constant(scale)
    if (!scale || tensor?.dtype !== 'float32' || (zeroPoint && !editor.constant(zeroPoint))) return undefined
    // results of another type than float32, or quotients
    if (intAttribute(node, isDequantize(node) ? 'output_dtype' : 'precision')) return undefined
    const dtype = this.#integerType(node, zeroPoint)
    return dtype && { dtype, scale, zeroPoint }
  }

  #integerType(node: Node, zeroPoint: Value | null): DType | undefined {
    const editor = this.#editor
    const zero = editor.constant(zeroPoint ?? undefined)?.dtype
    if (zero) return zero
    if (isQuantize(node)) return node.attributes.has('output_dtype') ? undefined : 'uint8'
    const integers = editor.input(node, 0)
    return integers && (editor.constant(integers)?.dtype ?? this.#made.get(integers))
  }
}
