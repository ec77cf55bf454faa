/**
 * How a GPU holds the elements of a tensor (R4): WGSL knows words of 32 bits. Narrow integers are packed into words, low
 * bits first, and each word has one writer; 64-bit integers are held in 32 bits, which is checked wherever they enter.
 */
import type { KnownDType } from './dtypes'

export type DeviceScalar = 'f32' | 'i32' | 'u32'

export interface DeviceLayout {
  /** What a shader computes with. */
  readonly scalar: DeviceScalar
  /** Bits of one element: 32 / bits elements share a word. */
  readonly bits: 8 | 16 | 32
  /** 64-bit integers on the host: values that 32 bits cannot hold are refused when they are uploaded. */
  readonly isNarrowed?: true
  /** Every word is 0 or 1. */
  readonly isBoolean?: true
}

const F32: DeviceLayout = { scalar: 'f32', bits: 32 }
const signed = (bits: 8 | 16 | 32): DeviceLayout => ({ scalar: 'i32', bits })
const unsigned = (bits: 8 | 16 | 32): DeviceLayout => ({ scalar: 'u32', bits })

/**
 * Types without a row stay on the host: float64 (WGSL has none), complex numbers. Texts are their numbers. Types narrower than their slot
 * (float16, bfloat16, float8, float4; 4- and 2-bit integers) hold the very values of their type, in the slot of a wider one,
 * as they do on the host.
 */
const LAYOUTS: Partial<Record<KnownDType, DeviceLayout>> = {
  float32: F32,
  float16: F32,
  bfloat16: F32,
  float8e4m3fn: F32,
  float8e4m3fnuz: F32,
  float8e5m2: F32,
  float8e5m2fnuz: F32,
  float8e8m0: F32,
  float4e2m1: F32,
  int8: signed(8),
  int4: signed(8),
  int2: signed(8),
  uint8: unsigned(8),
  uint4: unsigned(8),
  uint2: unsigned(8),
  int16: signed(16),
  uint16: unsigned(16),
  int32: signed(32),
  string: signed(32),
  uint32: unsigned(32),
  int64: { ...signed(32), isNarrowed: true },
  uint64: { ...unsigned(32), isNarrowed: true },
  bool: { ...unsigned(32), isBoolean: true },
}

export const deviceLayout = (dtype: KnownDType): DeviceLayout | undefined => LAYOUTS[dtype]
