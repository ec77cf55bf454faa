import { bitsOf, elementCount, storageBytes, type DType } from './dtypes'
import { assert } from './errors'
import type { Bytes } from './bytes'

/**
 * A tensor in memory, on the host.
 *
 * `data` holds the elements in row-major order as little-endian bytes, sub-byte types packed low bits first
 * (ONNX `raw_data` layout). Strings stand in `strings` instead.
 */
export interface Tensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Bytes
  readonly strings?: readonly string[]
}

export function tensor(dtype: DType, shape: readonly number[], data: Bytes): Tensor {
  assert(
    storageBytes(dtype, elementCount(shape)) === data.byteLength,
    `${dtype} of shape [${shape.join(',')}] does not have ${data.byteLength} bytes`,
  )
  return { dtype, shape, data }
}

export function float32Tensor(shape: readonly number[], values: Float32Array<ArrayBuffer>): Tensor {
  return tensor('float32', shape, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/** The tensor's elements as a Float32Array that shares its memory where alignment allows. */
export function asFloat32(t: Pick<Tensor, 'dtype' | 'data'>): Float32Array<ArrayBuffer> {
  assert(t.dtype === 'float32', `expected float32, not ${t.dtype}`)
  const { data } = t
  return data.byteOffset % 4 === 0
    ? new Float32Array(data.buffer, data.byteOffset, data.byteLength / 4)
    : new Float32Array(data.slice().buffer)
}

/**
 * Reads any real-valued tensor as doubles. int64 and uint64 beyond 2^53 are rounded.
 * @throws Error (a bug) for strings, complex and float8/float4 types
 */
export function asNumbers(t: Tensor): Float64Array {
  const count = elementCount(t.shape)
  const view = new DataView(t.data.buffer, t.data.byteOffset, t.data.byteLength)
  const read = READERS[t.dtype as keyof typeof READERS] as ((view: DataView, index: number) => number) | undefined
  assert(read, `${t.dtype} (${bitsOf(t.dtype) ?? '?'} bits) cannot be read as numbers`)
  const values = new Float64Array(count)
  for (let i = 0; i < count; i++) values[i] = read(view, i)
  return values
}

const nibble = (view: DataView, i: number) => (view.getUint8(i >> 1) >> ((i & 1) * 4)) & 15
const crumb = (view: DataView, i: number) => (view.getUint8(i >> 2) >> ((i & 3) * 2)) & 3

const READERS = {
  float32: (v: DataView, i: number) => v.getFloat32(i * 4, true),
  float64: (v: DataView, i: number) => v.getFloat64(i * 8, true),
  float16: (v: DataView, i: number) => float16ToNumber(v.getUint16(i * 2, true)),
  bfloat16: (v: DataView, i: number) => bfloat16ToNumber(v.getUint16(i * 2, true)),
  int8: (v: DataView, i: number) => v.getInt8(i),
  uint8: (v: DataView, i: number) => v.getUint8(i),
  bool: (v: DataView, i: number) => v.getUint8(i),
  int16: (v: DataView, i: number) => v.getInt16(i * 2, true),
  uint16: (v: DataView, i: number) => v.getUint16(i * 2, true),
  int32: (v: DataView, i: number) => v.getInt32(i * 4, true),
  uint32: (v: DataView, i: number) => v.getUint32(i * 4, true),
  int64: (v: DataView, i: number) => Number(v.getBigInt64(i * 8, true)),
  uint64: (v: DataView, i: number) => Number(v.getBigUint64(i * 8, true)),
  uint4: nibble,
  int4: (v: DataView, i: number) => (nibble(v, i) << 28) >> 28,
  uint2: crumb,
  int2: (v: DataView, i: number) => (crumb(v, i) << 30) >> 30,
}

export function bfloat16ToNumber(bits: number): number {
  SCRATCH.setUint32(0, bits << 16)
  return SCRATCH.getFloat32(0)
}

/** number → bfloat16, rounded to nearest, ties to even; the number is first rounded to float32. */
export function numberToBfloat16(value: number): number {
  SCRATCH.setFloat32(0, value)
  const bits = SCRATCH.getUint32(0)
  if (Number.isNaN(value)) return ((bits >>> 16) | 0x40) & 0xffff
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff
}

/** IEEE 754 binary16 → number, exact. */
export function float16ToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** number → IEEE 754 binary16, rounded to nearest, ties to even; the number is first rounded to float32. */
export function numberToFloat16(value: number): number {
  SCRATCH.setFloat32(0, value)
  const bits = SCRATCH.getUint32(0)
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00 // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00 // rounds to infinity
  if (magnitude < 0x38800000) {
    // subnormal in binary16: an exact product, then the one rounding
    const units = Math.abs(value === 0 ? 0 : SCRATCH.getFloat32(0)) * 2 ** 24
    return sign | roundHalfEven(units)
  }
  const odd = (magnitude >>> 13) & 1
  return sign | ((magnitude - 0x38000000 + 0xfff + odd) >>> 13)
}

/** Rounds to the nearest whole number, ties to even. */
export function roundHalfEven(value: number): number {
  const low = Math.floor(value)
  const rest = value - low
  if (rest < 0.5) return low
  if (rest > 0.5) return low + 1
  return low % 2 === 0 ? low : low + 1
}

const SCRATCH = new DataView(new ArrayBuffer(8))
