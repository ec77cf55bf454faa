import { float16ToNumber } from './tensor'

/** Bulk conversions between float32 and IEEE 754 binary16, for weights by the million. */

let table: Float32Array<ArrayBuffer> | undefined

/** Bits of float16 → float32, exact. */
export function float16ToFloat32(bits: Uint16Array): Float32Array<ArrayBuffer> {
  table ??= Float32Array.from({ length: 65536 }, (_, i) => float16ToNumber(i))
  const values = new Float32Array(bits.length)
  for (let i = 0; i < bits.length; i++) values[i] = table[bits[i] as number] as number
  return values
}

/**
 * float32 → bits of float16, rounded to nearest, ties to even; NaN becomes the quiet NaN.
 * Agrees with `numberToFloat16` for every float32.
 */
export function float32ToFloat16(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < words.length; i++) halves[i] = roundBits(words[i] as number)
  return halves
}

function roundBits(word: number): number {
  const sign = (word >>> 16) & 0x8000
  const magnitude = word & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x477ff000) return sign | 0x7c00
  if (magnitude >= 0x38800000) return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
  if (magnitude <= 0x33000000) return sign // at most half of the smallest subnormal: ties to even give zero
  // subnormal in binary16: shift the 24-bit significand to units of 2^-24, and round what falls off half to even
  const shift = 126 - (magnitude >>> 23)
  const significand = (magnitude & 0x7fffff) | 0x800000
  const low = significand >>> shift
  const rest = significand - low * 2 ** shift
  const half = 2 ** (shift - 1)
  return sign | (rest > half || (rest === half && low & 1) ? low + 1 : low)
}
