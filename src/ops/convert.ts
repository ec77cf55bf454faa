/** Conversion of single elements between types (ONNX Cast). Where the specification leaves it open, as onnxruntime-web does. */
import { bitsOf, type KnownDType } from '../core/dtypes'
import { isBig, isFloat } from '../core/host-array'
import { decodeMinifloat, encodeMinifloat, isMinifloat, type PowerRounding } from '../core/minifloat'

export interface ConvertOptions {
  /** For float8: too large becomes the largest, else NaN or infinity. */
  readonly saturates?: boolean
  /** For float8e8m0. */
  readonly rounding?: PowerRounding
}

type Element = number | bigint

/**
 * How an element of `from` becomes one of `to`. Floats are cut towards zero, saturate at 64 bits for 64-bit integers, else
 * at 32 bits of the same signedness (signed for 4 and 2 bits), and NaN becomes 0; high bits then fall away, as they do
 * between integers. The result may still have to be rounded or wrapped by its storage, as `setValue` does.
 */
export function converter(from: KnownDType, to: KnownDType, options: ConvertOptions = {}): (value: Element) => Element {
  const { saturates = true, rounding = 'up' } = options
  if (to === 'bool') return (value) => Number(Number(value) !== 0)
  if (isMinifloat(to)) return (value) => decodeMinifloat(to, encodeMinifloat(to, Number(value), saturates, rounding))
  if (isFloat(to)) return isBig(from) && to !== 'float64' ? (value) => towardsFloat32(value as bigint) : Number
  const cut: (value: Element) => Element = isFloat(from) ? (value) => cutTo(to, value as number) : (value) => value
  if (isBig(to)) return (value) => BigInt(cut(value))
  const bits = bitsOf(to) as number
  const isSigned = !to.startsWith('uint')
  return (value) => wrapped(cut(value), bits, isSigned)
}

/** [smallest, largest] of the integers that a float may become before high bits fall away. */
function rangeOf(to: KnownDType): readonly [bigint, bigint] {
  const isUnsigned = to.startsWith('uint') && (bitsOf(to) as number) >= 8
  const bits = isBig(to) ? 64n : 32n
  return isUnsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n]
}

function cutTo(to: KnownDType, value: number): Element {
  if (Number.isNaN(value)) return 0
  const [low, high] = rangeOf(to)
  const whole = Math.trunc(value)
  // compared as doubles: 2⁶⁴ − 1 is none
  if (whole <= Number(low)) return low
  return whole >= Number(high) ? high : whole
}

function wrapped(value: Element, bits: number, isSigned: boolean): number {
  const low = typeof value === 'bigint' ? Number(BigInt.asIntN(32, value)) : value | 0
  const shift = 32 - bits
  return isSigned ? (low << shift) >> shift : (low << shift) >>> shift
}

/**
 * A double that rounds to the float32 nearest to `value`: the bits that do not fit go into the last one ("round to odd"),
 * so that rounding twice is rounding once. Source: Boldo and Melquiond, doi:10.1109/TC.2007.70819.
 */
function towardsFloat32(value: bigint): number {
  const size = value < 0n ? -value : value
  if (size < 2n ** 53n) return Number(value)
  const odd = ((size >> 11n) | (size & 0x7ffn ? 1n : 0n)) << 11n
  return Number(value < 0n ? -odd : odd)
}
