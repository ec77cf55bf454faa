// Family `quantize`: histograms, and packing to 2 and 4 bits. quantize.ts says what rows are.
import { MAGIC, MAGIC_BITS, MAGNITUDE } from './quantize-kinds'

/** Most steps whose rounding by MAGIC is exact. */
const MOST_STEPS: f32 = 4194304

/** Counts [channels, bins]: round(x · reciprocal) − first, clamped. What is not finite is not counted. */
export function histogramRows(
  source: usize,
  rows: usize,
  inner: usize,
  reciprocals: usize,
  firsts: usize,
  bins: i32,
  counts: usize,
  channels: usize,
  firstChannel: usize,
): void {
  let channel = firstChannel
  for (let row: usize = 0; row < rows; row++) {
    const reciprocal = load<f32>(reciprocals + (channel << 2))
    const offset = load<i32>(firsts + (channel << 2)) + MAGIC_BITS
    const line = counts + channel * ((<usize>bins) << 2)
    for (let i: usize = 0; i < inner; i++) {
      const at = source + (i << 2)
      if ((load<i32>(at) & MAGNITUDE) >= 0x7f800000) continue
      let v: f32 = load<f32>(at) * reciprocal
      v = v > -MOST_STEPS ? v : -MOST_STEPS
      v = v < MOST_STEPS ? v : MOST_STEPS
      const steps: i32 = reinterpret<i32>(v + MAGIC) - offset
      const bin: i32 = steps < 0 ? 0 : steps >= bins ? bins - 1 : steps
      const count = line + ((<usize>bin) << 2)
      store<u32>(count, load<u32>(count) + 1)
    }
    source += inner << 2
    if (++channel == channels) channel = 0
  }
}

/** Two 4-bit values a byte, low bits first. `count` is a multiple of 32: the host pads with zeros. */
export function pack4(source: usize, target: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 32) {
    const low = nibbles(v128.load(source + i))
    const high = nibbles(v128.load(source + i, 16))
    v128.store(target + (i >> 1), i8x16.narrow_i16x8_u(low, high))
  }
}

/** Each pair of 4-bit bytes as one byte, in words. */
// @ts-ignore: decorator
@inline
function nibbles(bytes: v128): v128 {
  const v = v128.and(bytes, i8x16.splat(15))
  return v128.and(v128.or(v, i16x8.shr_u(v, 4)), i16x8.splat(255))
}

/** Each pair of 2-bit bytes as one 4-bit byte, in words. */
// @ts-ignore: decorator
@inline
function crumbs(bytes: v128): v128 {
  const v = v128.and(bytes, i8x16.splat(3))
  return v128.and(v128.or(v, i16x8.shr_u(v, 6)), i16x8.splat(15))
}

/** Four 2-bit values a byte, low bits first. `count` is a multiple of 64: the host pads with zeros. */
export function pack2(source: usize, target: usize, count: usize): void {
  for (let i: usize = 0; i < count; i += 64) {
    const at = source + i
    const low = i8x16.narrow_i16x8_u(crumbs(v128.load(at)), crumbs(v128.load(at, 16)))
    const high = i8x16.narrow_i16x8_u(crumbs(v128.load(at, 32)), crumbs(v128.load(at, 48)))
    v128.store(target + (i >> 2), i8x16.narrow_i16x8_u(nibbles(low), nibbles(high)))
  }
}
