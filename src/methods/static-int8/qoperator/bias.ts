import { asNumbers, roundHalfEven } from '../../../core/tensor'
import { loadTensor } from '../../../graph/constants'
import type { Value } from '../../../graph/edit'
import type { Node } from '../../../graph/model'
import type { GraphEditor } from '../../../graph/edit'
import { isDequantize, type Dequantized, type QdqReader } from './qdq'
import { addConstant } from './zero-point'

const LARGEST = 2 ** 31 - 1
/** Scales are products in float32, rounded once or twice. */
const NEAR = 1e-6

/** The bias of a convolution or matrix product as int32 whose scale is that of the sums. */
export class BiasReader {
  readonly #editor: GraphEditor
  readonly #reader: QdqReader
  readonly #node: Node

  constructor({ editor, reader, node }: { editor: GraphEditor; reader: QdqReader; node: Node }) {
    this.#editor = editor
    this.#reader = reader
    this.#node = node
  }

  /**
   * @param factor of the scale of the sums: alpha / beta of Gemm
   * @returns null where there is none; undefined where it is not constant or does not fit into int32
   */
  async read(index: number, x: Dequantized, w: Dequantized, factor = 1): Promise<Value | null | undefined> {
    const bias = this.#editor.input(this.#node, index)
    if (!bias) return null
    const xScale = this.#reader.scaleOf(x)
    const wanted = this.#reader.numbers(w.scale).map((scale) => Math.fround(xScale * scale) * factor)
    const given = this.#reader.dequantized(bias)
    if (given?.dtype === 'int32' && this.#hasScale(given, wanted)) return given.integers
    return this.#quantized(bias, wanted)
  }

  #hasScale(given: Dequantized, wanted: Float64Array): boolean {
    const scales = this.#reader.numbers(given.scale)
    const zeroPoints = given.zeroPoint ? this.#reader.numbers(given.zeroPoint) : []
    if ((scales.length !== wanted.length && scales.length !== 1) || zeroPoints.some((zero) => zero !== 0)) return false
    return wanted.every((scale, i) => {
      const found = scales[scales.length === 1 ? 0 : i] as number
      return Math.abs(found - scale) <= NEAR * Math.abs(scale)
    })
  }

  /** A constant bias, quantized here. */
  async #quantized(bias: Value, scales: Float64Array): Promise<Value | undefined> {
    const known = await this.#valuesOf(bias)
    if (!known) return undefined
    const { values, shape } = known
    const channels = shape.at(-1) ?? 1
    if (scales.length > 1 && channels !== scales.length && channels !== 1) return undefined
    if (scales.length > 1 && channels === 1) return undefined // one bias for columns of several scales
    const integers = values.map((value, i) => roundHalfEven(value / (scales[i % scales.length] as number)))
    if (!integers.every((value) => Math.abs(value) <= LARGEST)) return undefined
    const bytes = new Uint8Array(Int32Array.from(integers).buffer)
    return addConstant(this.#editor, `${bias.name}_int32`, 'int32', { shape, bytes })
  }

  async #valuesOf(bias: Value): Promise<{ values: Float64Array; shape: readonly number[] } | undefined> {
    const editor = this.#editor
    const plain = editor.constant(bias)
    if (plain) return { values: asNumbers(await loadTensor(plain)), shape: plain.shape }
    if (!bias.producer || !isDequantize(bias.producer)) return undefined
    const given = this.#reader.dequantized(bias)
    const tensor = given && editor.constant(given.integers)
    if (!tensor || tensor.shape.length > 1) return undefined
    const [scales, zeros] = [
      this.#reader.numbers(given.scale),
      given.zeroPoint && this.#reader.numbers(given.zeroPoint),
    ]
    const at = (all: Float64Array, i: number) => all[all.length === 1 ? 0 : i] as number
    const integers = asNumbers(await loadTensor(tensor))
    return { values: integers.map((q, i) => (q - (zeros ? at(zeros, i) : 0)) * at(scales, i)), shape: tensor.shape }
  }
}
