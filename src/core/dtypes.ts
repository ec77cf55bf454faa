/**
 * Element types, named as in ONNX IR 13 in lower case.
 *
 * Source: onnx.proto, message TensorProto, enum DataType (IR version 13).
 */
const TABLE = {
  // name: [number in ONNX, bits per element]
  undefined: [0, 0],
  float32: [1, 32],
  uint8: [2, 8],
  int8: [3, 8],
  uint16: [4, 16],
  int16: [5, 16],
  int32: [6, 32],
  int64: [7, 64],
  string: [8, 0],
  bool: [9, 8],
  float16: [10, 16],
  float64: [11, 64],
  uint32: [12, 32],
  uint64: [13, 64],
  complex64: [14, 64],
  complex128: [15, 128],
  bfloat16: [16, 16],
  float8e4m3fn: [17, 8],
  float8e4m3fnuz: [18, 8],
  float8e5m2: [19, 8],
  float8e5m2fnuz: [20, 8],
  uint4: [21, 4],
  int4: [22, 4],
  float4e2m1: [23, 4],
  float8e8m0: [24, 8],
  uint2: [25, 2],
  int2: [26, 2],
} as const satisfies Record<string, readonly [number, number]>

export type KnownDType = keyof typeof TABLE

/** A type of a newer ONNX than ours is carried by its number, so that a file that uses it survives a round trip. */
export type DType = KnownDType | `unknown-${number}`

const BY_NUMBER = new Map<number, KnownDType>(
  Object.entries(TABLE).map(([name, [number]]) => [number, name as KnownDType]),
)

export function isKnownDType(dtype: string): dtype is KnownDType {
  return Object.hasOwn(TABLE, dtype)
}

export function dtypeFromOnnx(number: number): DType {
  return BY_NUMBER.get(number) ?? `unknown-${number}`
}

export function dtypeToOnnx(dtype: DType): number {
  return isKnownDType(dtype) ? TABLE[dtype][0] : Number(dtype.slice('unknown-'.length))
}

/** Bits of one element; undefined where an element has no fixed width (strings, unknown types). */
export function bitsOf(dtype: DType): number | undefined {
  return isKnownDType(dtype) && TABLE[dtype][1] > 0 ? TABLE[dtype][1] : undefined
}

/** Bytes of `count` elements, sub-byte types packed low bits first; undefined where elements have no fixed width. */
export function storageBytes(dtype: DType, count: number): number | undefined {
  const bits = bitsOf(dtype)
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8)
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1)
}
