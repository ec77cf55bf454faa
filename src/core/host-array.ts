import { bitsOf, elementCount, isKnownDType, storageBytes, type DType, type KnownDType } from './dtypes'
import { assert, UnsupportedError } from './errors'
import { decodeMinifloat, encodeMinifloat, isMinifloat, type Minifloat } from './minifloat'
import { bfloat16ToNumber, float16ToNumber, numberToBfloat16, numberToFloat16, type Tensor } from './tensor'
import { textArray, textsOf } from './texts'

/**
 * Elements that can be computed with, one per slot. Types without a typed array of their own are widened: float16,
 * bfloat16, float8 and float4 stand in a Float32Array (every value is one of theirs), bool and 2- and 4-bit integers in bytes,
 * texts as their numbers (texts.ts).
 */
export type Values =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | BigInt64Array<ArrayBuffer>
  | BigUint64Array<ArrayBuffer>

/** A tensor on the host, unpacked for computing; `Tensor` (core/tensor.ts) is the packed form that files and runtimes use. */
export interface HostArray {
  readonly dtype: KnownDType
  /** Row-major. */
  readonly shape: readonly number[]
  readonly values: Values
}

type ValuesConstructor = new (count: number) => Values

const STORAGE: Partial<Record<KnownDType, ValuesConstructor>> = {
  float32: Float32Array,
  float16: Float32Array,
  bfloat16: Float32Array,
  float8e4m3fn: Float32Array,
  float8e4m3fnuz: Float32Array,
  float8e5m2: Float32Array,
  float8e5m2fnuz: Float32Array,
  float8e8m0: Float32Array,
  float4e2m1: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int4: Int8Array,
  int2: Int8Array,
  uint8: Uint8Array,
  uint4: Uint8Array,
  uint2: Uint8Array,
  bool: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  string: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
}

const FLOATS = new Set<DType>([
  'float32',
  'float16',
  'bfloat16',
  'float64',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'float8e8m0',
  'float4e2m1',
])

export const isFloat = (dtype: DType): boolean => FLOATS.has(dtype)
/** int64 and uint64, whose values are bigints. */
export const isBig = (dtype: DType): boolean => dtype === 'int64' || dtype === 'uint64'

/**
 * Zeros. With `isWide` every float type but float64 gets 64 bits as well: gradients are checked in double precision.
 * @throws UnsupportedError for complex numbers and unknown types
 */
export function emptyArray(dtype: DType, shape: readonly number[], isWide = false): HostArray {
  const Storage = isKnownDType(dtype) ? STORAGE[dtype] : undefined
  if (!Storage || !isKnownDType(dtype)) throw new UnsupportedError(`The engine does not compute with ${dtype}.`)
  const count = elementCount(shape)
  return { dtype, shape, values: isWide && isFloat(dtype) ? new Float64Array(count) : new Storage(count) }
}

/** Bytes of one slot of the unpacked form; undefined for types that the engine does not compute with. */
export function slotBytes(dtype: DType): number | undefined {
  const Storage = isKnownDType(dtype) ? STORAGE[dtype] : undefined
  return Storage && (Storage as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT
}

/** A view on memory that somebody else owns; `byteOffset` must be a multiple of the slot. */
export function arrayOver(dtype: KnownDType, shape: readonly number[], buffer: ArrayBuffer, byteOffset: number) {
  const View = STORAGE[dtype] as unknown as (new (buffer: ArrayBuffer, at: number, count: number) => Values) | undefined
  assert(View, `no view of ${dtype}`)
  return { dtype, shape, values: new View(buffer, byteOffset, elementCount(shape)) } satisfies HostArray
}

/** An array of given numbers (or bigints); for tests and constants. Integers are stored as they are, floats rounded to `dtype`. */
export function hostArray(dtype: DType, shape: readonly number[], numbers: ArrayLike<number | bigint>): HostArray {
  const made = emptyArray(dtype, shape)
  assert(numbers.length === made.values.length, `${numbers.length} values for shape [${shape.join(',')}]`)
  for (let i = 0; i < numbers.length; i++) setValue(made, i, numbers[i] as number | bigint)
  return made
}

/** Stores a number or bigint, rounded or wrapped as the element type does. */
export function setValue(array: HostArray, index: number, value: number | bigint): void {
  const { dtype, values } = array
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    values[index] = typeof value === 'bigint' ? value : toBigInt(value)
  } else {
    const number = Number(value)
    values[index] = values instanceof Float32Array ? roundTo(dtype, number) : number
  }
}

const toBigInt = (value: number): bigint =>
  Number.isFinite(value) ? BigInt(Math.trunc(value)) : value > 0 ? 2n ** 63n - 1n : -(2n ** 63n)

/** All elements as numbers; 64-bit integers beyond 2⁵³ are rounded. The array's own memory where it holds numbers. */
export function numbersOf(array: HostArray): Exclude<Values, BigInt64Array | BigUint64Array> {
  const { values } = array
  return values instanceof BigInt64Array || values instanceof BigUint64Array
    ? Float64Array.from(values as Iterable<unknown> as Iterable<bigint>, Number)
    : values
}

/** Elements of a small integer array (axes, sizes, shapes) as plain numbers. */
export const integersOf = (array: HostArray): number[] => [...numbersOf(array)]

/** The value of `dtype` that is nearest to `value` (ties to even); float32 and narrower floats. Wider types as they are. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case 'float32':
      return Math.fround(value)
    case 'float16':
      return float16ToNumber(numberToFloat16(value))
    case 'bfloat16':
      return bfloat16ToNumber(numberToBfloat16(value))
    default:
      return isMinifloat(dtype) ? decodeMinifloat(dtype, encodeNearest(dtype, value)) : value
  }
}

/** What is finite saturates; infinities stay, where the type has them, and are NaN where it has that. */
const encodeNearest = (dtype: Minifloat, value: number): number => encodeMinifloat(dtype, value, Number.isFinite(value))

/** Rounds every element to its type: after arithmetic in a wider one. float32 arrays round by themselves. */
export function roundAll(array: HostArray): HostArray {
  const { dtype, values } = array
  if (dtype === 'float32' || dtype === 'float64' || !isFloat(dtype) || !(values instanceof Float32Array)) return array
  for (let i = 0; i < values.length; i++) values[i] = roundTo(dtype, values[i] as number)
  return array
}

/**
 * Unpacks a tensor. Types with a typed array of their own share its memory where alignment allows.
 * @throws UnsupportedError for complex numbers and unknown types
 */
export function fromTensor(tensor: Tensor): HostArray {
  const { dtype, shape, data } = tensor
  if (dtype === 'string') return textArray(shape, tensor.strings ?? [])
  const count = elementCount(shape)
  const made = emptyArray(dtype, bitsOf(dtype) === widthOf(dtype) ? [0] : shape)
  if (bitsOf(dtype) === widthOf(dtype)) {
    const aligned = data.byteOffset % made.values.BYTES_PER_ELEMENT === 0 ? data : new Uint8Array(data)
    const View = made.values.constructor as new (buffer: ArrayBuffer, offset: number, count: number) => Values
    return { dtype: made.dtype, shape, values: new View(aligned.buffer, aligned.byteOffset, count) }
  }
  const bits = bitsOf(dtype) as number
  const mask = (1 << bits) - 1
  for (let i = 0; i < count; i++) {
    const code =
      bits === 16
        ? (data[2 * i] as number) | ((data[2 * i + 1] as number) << 8)
        : ((data[(i * bits) >> 3] as number) >> ((i * bits) & 7)) & mask
    made.values[i] = decode(dtype, code, bits)
  }
  return made
}

/** Bits of one slot of the unpacked form, for types that are not widened. */
function widthOf(dtype: DType): number {
  return (slotBytes(dtype) ?? 0) * 8
}

function decode(dtype: DType, code: number, bits: number): number {
  if (dtype === 'float16') return float16ToNumber(code)
  if (dtype === 'bfloat16') return bfloat16ToNumber(code)
  if (isMinifloat(dtype)) return decodeMinifloat(dtype, code)
  return dtype === 'int4' || dtype === 'int2' ? (code << (32 - bits)) >> (32 - bits) : code
}

/** Packs an array; floats in double precision are rounded to their type. */
export function toTensor(array: HostArray): Tensor {
  const { dtype, shape, values } = array
  if (dtype === 'string') return { dtype, shape, data: new Uint8Array(0), strings: textsOf(array) }
  const bits = bitsOf(dtype) as number
  if (bits === values.BYTES_PER_ELEMENT * 8) {
    return { dtype, shape, data: new Uint8Array(values.buffer, values.byteOffset, values.byteLength) }
  }
  if (dtype === 'float32') {
    return { dtype, shape, data: new Uint8Array(Float32Array.from(values as Float64Array).buffer) }
  }
  const data = new Uint8Array(storageBytes(dtype, values.length) ?? 0)
  for (let i = 0; i < values.length; i++) {
    const code = encode(dtype, values[i] as number)
    if (bits === 16) {
      data[2 * i] = code & 255
      data[2 * i + 1] = code >> 8
    } else {
      const at = (i * bits) >> 3
      data[at] = (data[at] as number) | ((code & ((1 << bits) - 1)) << ((i * bits) & 7))
    }
  }
  return { dtype, shape, data }
}

function encode(dtype: DType, value: number): number {
  if (dtype === 'float16') return numberToFloat16(value)
  if (dtype === 'bfloat16') return numberToBfloat16(value)
  return isMinifloat(dtype) ? encodeNearest(dtype, value) : value
}
