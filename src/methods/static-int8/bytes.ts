import type { Bytes } from '../../core/bytes'
import type { DType } from '../../core/dtypes'
import { encodeNumbers } from '../../graph/constants'

export function asBytes(values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>): Bytes {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}

export const scalarBytes = (dtype: DType, value: number): Bytes => encodeNumbers(dtype, Float64Array.of(value))
