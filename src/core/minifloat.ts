import type { DType } from './dtypes'

/**
 * Floats of 8 and 4 bits.
 *
 * Sources: ONNX, "Float stored in 8 bits" and "Float stored in 4 bits" (technical notes); Micikevicius et al.,
 * arXiv:2209.05433 (E4M3, E5M2); Noune et al., arXiv:2206.02915 (the FNUZ types); OCP Microscaling Formats v1.0
 * (E8M0, E2M1).
 */
interface Layout {
  readonly exponentBits: number
  readonly fractionBits: number
  readonly bias: number
  /** 'ieee': the top exponent is for infinities and NaN; 'fn': only its last code is NaN; 'fnuz': NaN is the code of −0. */
  readonly kind: 'ieee' | 'fn' | 'fnuz' | 'finite' | 'power'
}

const LAYOUTS = {
  float8e4m3fn: { exponentBits: 4, fractionBits: 3, bias: 7, kind: 'fn' },
  float8e4m3fnuz: { exponentBits: 4, fractionBits: 3, bias: 8, kind: 'fnuz' },
  float8e5m2: { exponentBits: 5, fractionBits: 2, bias: 15, kind: 'ieee' },
  float8e5m2fnuz: { exponentBits: 5, fractionBits: 2, bias: 16, kind: 'fnuz' },
  float8e8m0: { exponentBits: 8, fractionBits: 0, bias: 127, kind: 'power' },
  float4e2m1: { exponentBits: 2, fractionBits: 1, bias: 1, kind: 'finite' },
} as const satisfies Partial<Record<DType, Layout>>

export type Minifloat = keyof typeof LAYOUTS

/** How float8e8m0 rounds: away from zero, towards it, or to the nearest with ties away (ONNX Cast, round_mode). */
export type PowerRounding = 'up' | 'down' | 'nearest'

export const isMinifloat = (dtype: DType): dtype is Minifloat => Object.hasOwn(LAYOUTS, dtype)

/** The number that a code stands for. */
export function decodeMinifloat(dtype: Minifloat, code: number): number {
  return (TABLES.get(dtype) ?? tableOf(dtype))[code & 255] as number
}

const TABLES = new Map<Minifloat, Float32Array>()

function tableOf(dtype: Minifloat): Float32Array {
  const layout = LAYOUTS[dtype]
  const count = layout.kind === 'finite' ? 16 : 256
  const table = Float32Array.from({ length: count }, (_, code) => compute(layout, code))
  TABLES.set(dtype, table)
  return table
}

function compute({ exponentBits, fractionBits, bias, kind }: Layout, code: number): number {
  if (kind === 'power') return code === 255 ? NaN : 2 ** (code - bias)
  const signBit = 1 << (exponentBits + fractionBits)
  const magnitude = code & (signBit - 1)
  const sign = code & signBit ? -1 : 1
  const exponent = magnitude >> fractionBits
  const fraction = magnitude & ((1 << fractionBits) - 1)
  const isTop = exponent === (1 << exponentBits) - 1
  if (kind === 'fnuz' && code === signBit) return NaN
  if (kind === 'fn' && magnitude === signBit - 1) return NaN
  if (kind === 'ieee' && isTop) return fraction === 0 ? sign * Infinity : NaN
  const scale = 2 ** -fractionBits
  return exponent === 0
    ? sign * fraction * scale * 2 ** (1 - bias)
    : sign * (1 + fraction * scale) * 2 ** (exponent - bias)
}

/**
 * The code of the nearest value, ties to the even code. What is too large becomes the largest finite value when
 * `saturates` (ONNX Cast's default), else NaN or infinity, as the type has it. NaN stays NaN where the type has one.
 */
export function encodeMinifloat(
  dtype: Minifloat,
  value: number,
  saturates = true,
  rounding: PowerRounding = 'nearest',
): number {
  const layout = LAYOUTS[dtype]
  if (layout.kind === 'power') return encodePower(value, saturates, rounding)
  const signBit = 1 << (layout.exponentBits + layout.fractionBits)
  const isNegative = value < 0 || Object.is(value, -0)
  const sign = isNegative ? signBit : 0
  if (Number.isNaN(value)) return nanOf(layout, signBit)
  const magnitude = Math.abs(value)
  const largest = largestOf(layout, signBit)
  if (magnitude === Infinity && !saturates) return overflow(layout, signBit, sign)
  const code = nearest(dtype, magnitude, largest)
  if (code > largest) return saturates ? sign | largest : overflow(layout, signBit, sign)
  // the FNUZ types have no −0
  return code === 0 && layout.kind === 'fnuz' ? 0 : sign | code
}

/** Positive codes ascend with their values, so a search finds the neighbours; one beyond `largest` means overflow. */
function nearest(dtype: Minifloat, magnitude: number, largest: number): number {
  let low = 0
  let high = largest
  if (magnitude >= decodeMinifloat(dtype, largest)) {
    const step = decodeMinifloat(dtype, largest) - decodeMinifloat(dtype, largest - 1)
    const middle = decodeMinifloat(dtype, largest) + step / 2
    return magnitude > middle || (magnitude === middle && largest % 2 === 1) ? largest + 1 : largest
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (decodeMinifloat(dtype, middle) <= magnitude) low = middle
    else high = middle
  }
  const below = magnitude - decodeMinifloat(dtype, low)
  const above = decodeMinifloat(dtype, high) - magnitude
  if (below === above) return low % 2 === 0 ? low : high
  return below < above ? low : high
}

function largestOf({ kind, fractionBits }: Layout, signBit: number): number {
  if (kind === 'fn') return signBit - 2
  return kind === 'ieee' ? signBit - 1 - (1 << fractionBits) : signBit - 1
}

/** What rounds to a type by bits, without tables: on a GPU. */
export interface MinifloatForm {
  readonly fractionBits: number
  /** Of the smallest normal number. */
  readonly leastExponent: number
  /** The largest finite number. */
  readonly largest: number
  /** What larger ones become where they do not saturate. */
  readonly beyond: 'infinite' | 'nan' | 'largest'
  readonly hasNegativeZero: boolean
}

export function minifloatForm(dtype: Minifloat): MinifloatForm {
  const layout: Layout = LAYOUTS[dtype]
  const { exponentBits, fractionBits, bias, kind } = layout
  return {
    fractionBits,
    leastExponent: 1 - bias,
    largest: decodeMinifloat(dtype, largestOf(layout, 1 << (exponentBits + fractionBits))),
    beyond: kind === 'ieee' ? 'infinite' : kind === 'finite' ? 'largest' : 'nan',
    hasNegativeZero: kind !== 'fnuz',
  }
}

function nanOf({ kind }: Layout, signBit: number): number {
  // float4e2m1 has no NaN: ONNX's own tests have −0
  return kind === 'fnuz' || kind === 'finite' ? signBit : signBit - 1
}

function overflow(layout: Layout, signBit: number, sign: number): number {
  if (layout.kind === 'ieee') return sign | (signBit - (1 << layout.fractionBits))
  if (layout.kind === 'finite') return sign | (signBit - 1)
  return layout.kind === 'fnuz' ? signBit : sign | (signBit - 1)
}

/** Powers of two only; zero and what is below the smallest is the smallest, or NaN without saturation. Negative: NaN. */
function encodePower(value: number, saturates: boolean, rounding: PowerRounding): number {
  const bias = LAYOUTS.float8e8m0.bias
  if (Number.isNaN(value) || value < 0) return 255
  if (value === Infinity) return saturates ? 254 : 255
  if (value < 2 ** -bias) return saturates ? 0 : 255
  let exponent = Math.floor(Math.log2(value))
  // the logarithm may be off by its last bit beside a power of two
  if (2 ** exponent > value) exponent--
  else if (2 ** (exponent + 1) <= value) exponent++
  const ratio = value / 2 ** exponent
  const isUp = rounding === 'up' ? ratio > 1 : rounding === 'nearest' && ratio >= 1.5
  const code = exponent + bias + (isUp ? 1 : 0)
  return code > 254 ? (saturates ? 254 : 255) : code
}
