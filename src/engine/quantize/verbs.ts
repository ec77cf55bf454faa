import type { Backend, KernelInteger, Limits } from '../../backends/backend'
import { scalePieces } from '../../backends/blocks'
import { INTEGER_LIMITS } from '../../backends/layout'
import { referenceBackend } from '../../backends/reference/reference'
import type { Segment } from '../../backends/segments'
import { bitsOf, storageBytes } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { limitsOf } from './integers'
import type { Parameters } from './parameters'

type Floats = Float32Array<ArrayBuffer>
type Bytes = Uint8Array<ArrayBuffer>

/**
 * The integers of a whole tensor as its dtype stores them: 4 bits low nibble first, the last byte padded with zero; 16 bits
 * little-endian.
 * @param values the elements in row-major order, finite
 */
export async function quantize(backend: Backend, values: Float32Array, parameters: Parameters): Promise<Bytes> {
  return stored(backend, await quantizeAt(backend, values, 0, parameters), parameters)
}

/** x̂ = fround((q − zeroPoint) · scale) of what `quantize` gives. */
export async function dequantize(backend: Backend, bytes: Uint8Array, parameters: Parameters): Promise<Floats> {
  const count = elementsOf(parameters)
  assert(bytes.length === storageBytes(parameters.dtype, count), `${bytes.length} bytes for ${count} elements`)
  const integers = bitsOf(parameters.dtype) === 4 ? unpacked(bytes, count, parameters.type.isSigned) : bytes
  const width = integers.length / Math.max(1, count)
  const result = new Float32Array(count)
  for (const piece of scalePieces(parameters.layout, 0, count)) {
    const part = integers.subarray(piece.start * width, (piece.start + piece.count) * width)
    const by = backendFor(backend, piece, count)
    result.set(await by.dequantize(part, kernelParameters(parameters, piece)), piece.start)
  }
  return result
}

/** What is left of values after both, element by element. */
export async function fakeQuantize(backend: Backend, values: Float32Array, parameters: Parameters): Promise<Floats> {
  return fakeQuantizeAt(backend, values, 0, parameters)
}

/** `fakeQuantize` of elements that stand at flat index `start` of the tensor. */
export async function fakeQuantizeAt(
  backend: Backend,
  values: Float32Array,
  start: number,
  parameters: Parameters,
): Promise<Floats> {
  const result = new Float32Array(values.length)
  for (const piece of scalePieces(parameters.layout, start, values.length)) {
    const from = piece.start - start
    const part = values.subarray(from, from + piece.count)
    const by = backendFor(backend, piece, values.length)
    result.set(await by.fakeQuantize(part, kernelParameters(parameters, piece)), from)
  }
  return result
}

/** Integers of elements that stand at flat index `start`, as kernels make them: a byte each up to 8 bits. */
export async function quantizeAt(
  backend: Backend,
  values: Float32Array,
  start: number,
  parameters: Parameters,
): Promise<Bytes> {
  const width = parameters.type.bits > 8 ? 2 : 1
  const result = new Uint8Array(values.length * width)
  for (const piece of scalePieces(parameters.layout, start, values.length)) {
    const from = piece.start - start
    const part = values.subarray(from, from + piece.count)
    const by = backendFor(backend, piece, values.length)
    result.set(await by.quantize(part, kernelParameters(parameters, piece)), from * width)
  }
  return result
}

/** What `quantizeAt` gives, as the dtype stores it. */
export async function stored(backend: Backend, integers: Bytes, { dtype }: Parameters): Promise<Bytes> {
  return bitsOf(dtype) === 4 ? backend.pack(integers, 4) : integers
}

function unpacked(bytes: Uint8Array, count: number, isSigned: boolean): Bytes {
  const result = new Uint8Array(count)
  for (let i = 0; i < count; i++) {
    const nibble = ((bytes[i >> 1] as number) >> (4 * (i & 1))) & 15
    result[i] = isSigned ? (nibble << 28) >> 28 : nibble
  }
  return result
}

/** Elements that the host is done with before a GPU has begun. */
const SMALL_PIECE = 4096

/** Who computes a piece of `count` elements: the same integers, whoever does. */
export function backendFor(backend: Backend, piece: Segment, count: number): Backend {
  const isCrumb = piece.count < count && piece.count < SMALL_PIECE
  return isCrumb && backend.name === 'webgpu' ? referenceBackend : backend
}

function kernelParameters(parameters: Parameters, { channel, layout }: Segment) {
  const end = channel + layout.channels
  return {
    ...{ layout, dtype: kernelIntegerOf(parameters), limits: limitsIn(parameters) },
    scale: parameters.scale.slice(channel, end),
    reciprocal: parameters.reciprocal.slice(channel, end),
    zeroPoint: parameters.zeroPoint.slice(channel, end),
  }
}

function kernelIntegerOf({ type }: Parameters): KernelInteger {
  return `${type.isSigned ? 'int' : 'uint'}${type.bits > 8 ? 16 : 8}`
}

function limitsIn(parameters: Parameters): Limits {
  const limits = limitsOf(parameters.type)
  const { low, high } = INTEGER_LIMITS[kernelIntegerOf(parameters)]
  assert(limits.low >= low && limits.high <= high, `${parameters.type.bits} bits`)
  return limits
}

function elementsOf({ layout }: Parameters): number {
  if ('axes' in layout) return layout.axes.reduce((count, { size }) => count * size, 1)
  return layout.outer * layout.channels * layout.inner
}
