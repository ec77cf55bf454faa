import { asNumbers, float32Tensor, numberToFloat16, tensor, type Tensor } from '../core/tensor'
import type { DType } from '../core/dtypes'

/** Read-only numbers of a tensor, without a copy where the machine has an array for its dtype. */
export type Numbers = Float32Array | Float64Array | Int32Array | Uint8Array | Int8Array

const VIEWS = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  bool: Uint8Array,
} as const

export function numbersOf(t: Tensor): Numbers {
  const View = VIEWS[t.dtype as keyof typeof VIEWS] as (typeof VIEWS)['float32'] | undefined
  if (!View || t.data.byteOffset % View.BYTES_PER_ELEMENT !== 0) return asNumbers(t)
  return new View(t.data.buffer, t.data.byteOffset, t.data.byteLength / View.BYTES_PER_ELEMENT)
}

const FLOATS = new Set<DType>(['float32', 'float64', 'float16', 'bfloat16'])
const INTEGERS = new Set<DType>([
  'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'int4', 'uint4', 'int2', 'uint2',
]) // prettier-ignore

export const isFloat = (dtype: DType): boolean => FLOATS.has(dtype)
export const isInteger = (dtype: DType): boolean => INTEGERS.has(dtype)

/** Dtypes that `encodeNumbers` can make. */
export type Encodable = 'float32' | 'float64' | 'float16' | 'bool' | `${'u' | ''}int${8 | 16 | 32 | 64}`

const WRITERS: Record<Encodable, readonly [bytes: number, (view: DataView, at: number, value: number) => void]> = {
  float32: [4, (view, at, value) => view.setFloat32(at, value, true)],
  float64: [8, (view, at, value) => view.setFloat64(at, value, true)],
  float16: [2, (view, at, value) => view.setUint16(at, numberToFloat16(value), true)],
  bool: [1, (view, at, value) => view.setUint8(at, value ? 1 : 0)],
  int8: [1, (view, at, value) => view.setInt8(at, value)],
  uint8: [1, (view, at, value) => view.setUint8(at, value)],
  int16: [2, (view, at, value) => view.setInt16(at, value, true)],
  uint16: [2, (view, at, value) => view.setUint16(at, value, true)],
  int32: [4, (view, at, value) => view.setInt32(at, value, true)],
  uint32: [4, (view, at, value) => view.setUint32(at, value, true)],
  int64: [8, (view, at, value) => view.setBigInt64(at, BigInt(value), true)],
  uint64: [8, (view, at, value) => view.setBigUint64(at, BigInt(value), true)],
}

export function isEncodable(dtype: DType): dtype is Encodable {
  return Object.hasOwn(WRITERS, dtype)
}

/**
 * Numbers as a tensor of `dtype`; the caller sees to it that integers are whole and in range.
 * @param values those of a Float32Array are not copied for float32
 */
export function encodeNumbers(
  dtype: Encodable,
  shape: readonly number[],
  values: Float32Array<ArrayBuffer> | ArrayLike<number>,
): Tensor {
  if (dtype === 'float32') {
    return float32Tensor(shape, values instanceof Float32Array ? values : new Float32Array(values))
  }
  const [bytes, write] = WRITERS[dtype]
  const data = new Uint8Array(values.length * bytes)
  const view = new DataView(data.buffer)
  for (let i = 0; i < values.length; i++) write(view, i * bytes, values[i] as number)
  return tensor(dtype, shape, data)
}
