import type { Bytes } from '../../core/bytes'
import { DeviceError } from '../../core/errors'
import type {
  Backend,
  ChannelLayout,
  DequantizeParameters,
  FakeQuantizeParameters,
  HistogramParameters,
  MinMax,
  QuantizeParameters,
} from '../backend'
import { checkDequantize, checkHistogram, checkLayout, checkQuantize, INTEGER_LIMITS, widthOf } from '../layout'
import { instantiateQuantize, KINDS, type ColumnsKernel, type QuantizeKernels, type RowsKernel } from './kernels'
import { hasColumns, spansOf, type Span } from './spans'

/**
 * Elements that are copied into WASM memory at once. Small enough that a chunk is still in the second-level cache when
 * the kernel reads it: then the copy costs little beside reading the weights from memory. A multiple of 64 (packing).
 */
export const CHUNK_ELEMENTS = 32 * 1024

/** Addresses below are left to the module. */
const BASE = 1024
const PAGE_BYTES = 65536
const INFINITY_BITS = 0x7f800000

/**
 * The SIMD backend. Its memory holds one chunk and the parameters of one tensor; it grows with the number of channels
 * and is freed with the object. Every call is done with that memory before it returns its promise.
 * @param bytes the module built from assembly/quantize.ts
 * @throws DeviceError where the platform has no WASM SIMD
 */
export async function createWasmBackend(bytes: Bytes): Promise<Backend> {
  try {
    return new WasmBackend(await instantiateQuantize(bytes))
  } catch (error) {
    throw new DeviceError(
      `The SIMD kernels could not be loaded (${String(error)}). Update the browser or Node, or choose the reference backend.`,
    )
  }
}

class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly #kernels: QuantizeKernels
  #floats = new Float32Array()
  #ints = new Int32Array()
  #bytes = new Uint8Array()

  constructor(kernels: QuantizeKernels) {
    this.#kernels = kernels
  }

  async minMax(values: Float32Array, layout: ChannelLayout): Promise<MinMax> {
    checkLayout(values.length, layout)
    const { channels } = layout
    const [minima, maxima, source] = this.#reserve([channels * 4, channels * 4, CHUNK_ELEMENTS * 4])
    this.#floats.fill(Infinity, minima / 4, minima / 4 + channels)
    this.#floats.fill(-Infinity, maxima / 4, maxima / 4 + channels)
    const range = (span: Span): number => {
      const { rows, width, channel } = span
      return hasColumns(layout)
        ? this.#kernels.rangeColumns(source, rows, width, minima + channel * 4, maxima + channel * 4)
        : this.#kernels.rangeRows(source, rows, width, minima, maxima, channels, channel)
    }
    let firstNonFinite = -1
    for (const span of spansOf(layout, CHUNK_ELEMENTS)) {
      const chunk = values.subarray(span.start, span.start + span.rows * span.width)
      this.#floats.set(chunk, source / 4)
      if (range(span) >= INFINITY_BITS) {
        firstNonFinite = span.start + chunk.findIndex((value) => !Number.isFinite(value))
        break
      }
    }
    const isEmpty = values.length === 0
    // + 0 turns -0 into +0: which of the two a minimum is depends on the order of comparison.
    const take = (at: number) => this.#floats.slice(at / 4, at / 4 + channels).map((x) => (isEmpty ? 0 : x + 0))
    return { min: take(minima), max: take(maxima), firstNonFinite }
  }

  async quantize(values: Float32Array, parameters: QuantizeParameters): Promise<Uint8Array<ArrayBuffer>> {
    checkQuantize(values.length, parameters)
    const { quantizeRows, quantizeColumns } = this.#kernels
    const { limits = INTEGER_LIMITS[parameters.dtype] } = parameters
    const width = widthOf(parameters.dtype)
    const result = new Uint8Array(values.length * width)
    const [factors, zeroPoints, source, target] = this.#reserve([
      ...parameterSizes(parameters.layout),
      CHUNK_ELEMENTS * 4,
      CHUNK_ELEMENTS * width,
    ])
    this.#floats.set(parameters.reciprocal, factors / 4)
    this.#ints.set(parameters.zeroPoint, zeroPoints / 4)
    const kernels = { rows: quantizeRows, columns: quantizeColumns }
    const apply = bind(kernels, parameters, { factors, zeroPoints, source, target }, [limits.low, limits.high])
    for (const span of spansOf(parameters.layout, CHUNK_ELEMENTS)) {
      const end = span.start + span.rows * span.width
      this.#floats.set(values.subarray(span.start, end), source / 4)
      apply(span)
      result.set(this.#bytes.subarray(target, target + (end - span.start) * width), span.start * width)
    }
    return result
  }

  async dequantize(quantized: Uint8Array, parameters: DequantizeParameters): Promise<Float32Array<ArrayBuffer>> {
    checkDequantize(quantized.length, parameters)
    const { dequantizeRows, dequantizeColumns } = this.#kernels
    const width = widthOf(parameters.dtype)
    const result = new Float32Array(quantized.length / width)
    const [factors, zeroPoints, target, source] = this.#reserve([
      ...parameterSizes(parameters.layout),
      CHUNK_ELEMENTS * 4,
      CHUNK_ELEMENTS * width,
    ])
    this.#floats.set(parameters.scale, factors / 4)
    this.#ints.set(parameters.zeroPoint, zeroPoints / 4)
    const kernels = { rows: dequantizeRows, columns: dequantizeColumns }
    const apply = bind(kernels, parameters, { factors, zeroPoints, source, target }, [])
    for (const span of spansOf(parameters.layout, CHUNK_ELEMENTS)) {
      const end = span.start + span.rows * span.width
      this.#bytes.set(quantized.subarray(span.start * width, end * width), source)
      apply(span)
      result.set(this.#floats.subarray(target / 4, target / 4 + end - span.start), span.start)
    }
    return result
  }

  async fakeQuantize(values: Float32Array, parameters: FakeQuantizeParameters): Promise<Float32Array<ArrayBuffer>> {
    const { layout, dtype, limits = INTEGER_LIMITS[dtype] } = parameters
    const width = widthOf(dtype)
    checkQuantize(values.length, parameters)
    checkDequantize(values.length * width, parameters)
    const { quantizeRows, quantizeColumns, dequantizeRows, dequantizeColumns } = this.#kernels
    const result = new Float32Array(values.length)
    const [reciprocals, zeroPoints, scales, floats, integers] = this.#reserve([
      ...parameterSizes(layout),
      layout.channels * 4,
      CHUNK_ELEMENTS * 4,
      CHUNK_ELEMENTS * width,
    ])
    this.#floats.set(parameters.reciprocal, reciprocals / 4)
    this.#floats.set(parameters.scale, scales / 4)
    this.#ints.set(parameters.zeroPoint, zeroPoints / 4)
    const there = { factors: reciprocals, zeroPoints, source: floats, target: integers }
    const back = { factors: scales, zeroPoints, source: integers, target: floats }
    const quantize = bind({ rows: quantizeRows, columns: quantizeColumns }, parameters, there, [
      limits.low,
      limits.high,
    ])
    const dequantize = bind({ rows: dequantizeRows, columns: dequantizeColumns }, parameters, back, [])
    for (const span of spansOf(layout, CHUNK_ELEMENTS)) {
      const end = span.start + span.rows * span.width
      this.#floats.set(values.subarray(span.start, end), floats / 4)
      quantize(span)
      dequantize(span)
      result.set(this.#floats.subarray(floats / 4, floats / 4 + end - span.start), span.start)
    }
    return result
  }

  async histogram(values: Float32Array, parameters: HistogramParameters): Promise<Uint32Array<ArrayBuffer>> {
    checkHistogram(values.length, parameters)
    const { layout, bins } = parameters
    const { channels } = layout
    const [factors, firsts, counts, source] = this.#reserve([
      ...parameterSizes(layout),
      channels * bins * 4,
      CHUNK_ELEMENTS * 4,
    ])
    this.#floats.set(parameters.reciprocal, factors / 4)
    this.#ints.set(parameters.first, firsts / 4)
    this.#ints.fill(0, counts / 4, counts / 4 + channels * bins)
    for (const { start, rows, width, channel } of spansOf(layout, CHUNK_ELEMENTS)) {
      this.#floats.set(values.subarray(start, start + rows * width), source / 4)
      // a row of columns is a run of rows of one element
      const [runs, inner] = hasColumns(layout) ? [rows * width, 1] : [rows, width]
      this.#kernels.histogramRows(source, runs, inner, factors, firsts, bins, counts, channels, channel)
    }
    return Uint32Array.from(this.#ints.subarray(counts / 4, counts / 4 + channels * bins))
  }

  async pack(values: Uint8Array, bits: 2 | 4): Promise<Uint8Array<ArrayBuffer>> {
    const perByte = 8 / bits
    const kernel = bits === 4 ? this.#kernels.pack4 : this.#kernels.pack2
    const result = new Uint8Array(Math.ceil(values.length / perByte))
    const [source, target] = this.#reserve([CHUNK_ELEMENTS, CHUNK_ELEMENTS / 2])
    for (let at = 0; at < values.length; at += CHUNK_ELEMENTS) {
      const chunk = values.subarray(at, at + CHUNK_ELEMENTS)
      this.#bytes.set(chunk, source)
      const padded = Math.ceil(chunk.length / 64) * 64
      this.#bytes.fill(0, source + chunk.length, source + padded)
      kernel(source, target, padded)
      const packed = Math.ceil(chunk.length / perByte)
      result.set(this.#bytes.subarray(target, target + packed), at / perByte)
    }
    return result
  }

  /** Addresses of areas of these sizes, 16-byte aligned; they are valid until the next call. */
  #reserve<const S extends readonly number[]>(sizes: S): { [K in keyof S]: number } {
    const { memory } = this.#kernels
    let end = BASE
    const addresses = sizes.map((size) => {
      const at = end
      end += Math.ceil(size / 16) * 16
      return at
    })
    const missing = end - memory.buffer.byteLength
    if (missing > 0) {
      try {
        memory.grow(Math.ceil(missing / PAGE_BYTES))
      } catch {
        throw new DeviceError(
          `The kernels need ${end} bytes of WASM memory and the platform gives no more. Close other tabs, or choose the reference backend.`,
        )
      }
    }
    if (this.#bytes.buffer !== memory.buffer) {
      this.#floats = new Float32Array(memory.buffer)
      this.#ints = new Int32Array(memory.buffer)
      this.#bytes = new Uint8Array(memory.buffer)
    }
    return addresses as { [K in keyof S]: number }
  }
}

function parameterSizes(layout: ChannelLayout): readonly [number, number] {
  return [layout.channels * 4, layout.channels * 4]
}

interface Addresses {
  readonly factors: number
  readonly zeroPoints: number
  readonly source: number
  readonly target: number
}

/** The kernel for a layout, as a function of the span; `more` are its last arguments. */
function bind<More extends readonly number[]>(
  kernels: { readonly rows: RowsKernel<More>; readonly columns: ColumnsKernel<More> },
  { layout, dtype }: Pick<QuantizeParameters, 'layout' | 'dtype'>,
  { factors, zeroPoints, source, target }: Addresses,
  more: More,
): (span: Span) => void {
  const kind = KINDS[dtype]
  if (!hasColumns(layout)) {
    return ({ rows, width, channel }) =>
      kernels.rows(source, target, rows, width, factors, zeroPoints, layout.channels, channel, kind, ...more)
  }
  return ({ rows, width, channel }) =>
    kernels.columns(source, target, rows, width, factors + channel * 4, zeroPoints + channel * 4, kind, ...more)
}
