// Family `quantize`: ranges, quantize, dequantize, histogram, pack. AssemblyScript, SIMD128.
//
// The host owns the memory: it passes byte addresses, nothing is allocated here. Sources and destinations never
// overlap, so a row's last vector may cover elements that the one before has covered: it writes the same bytes again.
// Rows are runs of `inner` contiguous elements of one channel; row i belongs to channel (firstChannel + i) % channels.
// Columns are the case inner == 1: each row holds every channel once.

// Rounding to nearest even without f32x4.nearest and trunc_sat (several x86 instructions each): after adding 1.5 · 2^23
// the low bits of a float hold the integer. Valid below 2^22, hence the clamp before it; what the clamp changes lies
// beyond the byte range for every zero point in [-32000, 32000].
const LIMIT: f32 = 65536
const MAGIC: f32 = 12582912
const MAGIC_BITS: i32 = 0x4b400000

/** round(x · reciprocal) of four elements, in [-65536, 65536]; NaN gives -65536. */
// @ts-ignore: decorator
@inline
function rounded4(x: v128, reciprocal: v128): v128 {
  // pmax and pmin are one instruction each; max and min handle NaN and take about eight.
  let v = f32x4.pmax(f32x4.splat(-LIMIT), f32x4.mul(x, reciprocal))
  v = f32x4.pmin(f32x4.splat(LIMIT), v)
  return i32x4.sub(f32x4.add(v, f32x4.splat(MAGIC)), i32x4.splat(MAGIC_BITS))
}

// @ts-ignore: decorator
@inline
function bytes16(low: v128, high: v128, isSigned: bool): v128 {
  return isSigned ? i8x16.narrow_i16x8_s(low, high) : i8x16.narrow_i16x8_u(low, high)
}

// @ts-ignore: decorator
@inline
function quantize16(source: usize, target: usize, reciprocal: v128, zeroPoint: v128, isSigned: bool): void {
  const a = rounded4(v128.load(source), reciprocal)
  const b = rounded4(v128.load(source, 16), reciprocal)
  const c = rounded4(v128.load(source, 32), reciprocal)
  const d = rounded4(v128.load(source, 48), reciprocal)
  // Saturating from here on, so a huge value plus the zero point cannot wrap.
  const low = i16x8.add_sat_s(i16x8.narrow_i32x4_s(a, b), zeroPoint)
  const high = i16x8.add_sat_s(i16x8.narrow_i32x4_s(c, d), zeroPoint)
  v128.store(target, bytes16(low, high, isSigned))
}

/** Four elements with a parameter each; zeroPoint as i32x4. */
// @ts-ignore: decorator
@inline
function quantize4(source: usize, target: usize, reciprocal: v128, zeroPoint: v128, isSigned: bool): void {
  const q = i32x4.add(rounded4(v128.load(source), reciprocal), zeroPoint)
  const words = i16x8.narrow_i32x4_s(q, q)
  v128.store_lane<u32>(target, bytes16(words, words, isSigned), 0)
}

// @ts-ignore: decorator
@inline
function quantize1(source: usize, target: usize, reciprocal: f32, zeroPoint: i32, isSigned: bool): void {
  let v: f32 = load<f32>(source) * reciprocal
  v = v > -LIMIT ? v : -LIMIT
  v = v < LIMIT ? v : LIMIT
  const q: i32 = reinterpret<i32>(v + MAGIC) - MAGIC_BITS + zeroPoint
  const low: i32 = isSigned ? -128 : 0
  const high: i32 = isSigned ? 127 : 255
  store<u8>(target, <u8>(q < low ? low : q > high ? high : q))
}

// @ts-ignore: decorator
@inline
function quantizeRow(source: usize, target: usize, inner: usize, reciprocal: f32, zeroPoint: i32, isSigned: bool): void {
  const r = f32x4.splat(reciprocal)
  if (inner >= 16) {
    const z = i16x8.splat(<i16>zeroPoint)
    const last = inner - 16
    for (let i: usize = 0; i < last; i += 16) quantize16(source + (i << 2), target + i, r, z, isSigned)
    quantize16(source + (last << 2), target + last, r, z, isSigned)
  } else if (inner >= 4) {
    const z = i32x4.splat(zeroPoint)
    const last = inner - 4
    for (let i: usize = 0; i < last; i += 4) quantize4(source + (i << 2), target + i, r, z, isSigned)
    quantize4(source + (last << 2), target + last, r, z, isSigned)
  } else {
    for (let i: usize = 0; i < inner; i++) quantize1(source + (i << 2), target + i, reciprocal, zeroPoint, isSigned)
  }
}

export function quantizeRows(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  reciprocals: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
  isSigned: bool,
): void {
  let channel = firstChannel
  for (let row: usize = 0; row < rows; row++) {
    const reciprocal = load<f32>(reciprocals + (channel << 2))
    const zeroPoint = load<i32>(zeroPoints + (channel << 2))
    // Two copies of the loop, so that the branch on the type stands outside of it.
    if (isSigned) quantizeRow(source, target, inner, reciprocal, zeroPoint, true)
    else quantizeRow(source, target, inner, reciprocal, zeroPoint, false)
    source += inner << 2
    target += inner
    if (++channel == channels) channel = 0
  }
}

// @ts-ignore: decorator
@inline
function quantizeColumnsOf(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  reciprocals: usize,
  zeroPoints: usize,
  isSigned: bool,
): void {
  const vectors = channels & ~3
  for (let row: usize = 0; row < rows; row++) {
    for (let c: usize = 0; c < vectors; c += 4) {
      const at = c << 2
      quantize4(source + at, target + c, v128.load(reciprocals + at), v128.load(zeroPoints + at), isSigned)
    }
    for (let c = vectors; c < channels; c++) {
      const at = c << 2
      quantize1(source + at, target + c, load<f32>(reciprocals + at), load<i32>(zeroPoints + at), isSigned)
    }
    source += channels << 2
    target += channels
  }
}

export function quantizeColumns(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  reciprocals: usize,
  zeroPoints: usize,
  isSigned: bool,
): void {
  if (isSigned) quantizeColumnsOf(source, target, rows, channels, reciprocals, zeroPoints, true)
  else quantizeColumnsOf(source, target, rows, channels, reciprocals, zeroPoints, false)
}

const MAGNITUDE: i32 = 0x7fffffff

// @ts-ignore: decorator
@inline
function magnitude4(x: v128): v128 {
  return v128.and(x, i32x4.splat(MAGNITUDE))
}

// @ts-ignore: decorator
@inline
function lowest(v: v128): f32 {
  let m = f32x4.pmin(v, i32x4.shuffle(v, v, 2, 3, 0, 1))
  m = f32x4.pmin(m, i32x4.shuffle(m, m, 1, 0, 3, 2))
  return f32x4.extract_lane(m, 0)
}

// @ts-ignore: decorator
@inline
function highest(v: v128): f32 {
  let m = f32x4.pmax(v, i32x4.shuffle(v, v, 2, 3, 0, 1))
  m = f32x4.pmax(m, i32x4.shuffle(m, m, 1, 0, 3, 2))
  return f32x4.extract_lane(m, 0)
}

// @ts-ignore: decorator
@inline
function highestInt(v: v128): i32 {
  let m = i32x4.max_s(v, i32x4.shuffle(v, v, 2, 3, 0, 1))
  m = i32x4.max_s(m, i32x4.shuffle(m, m, 1, 0, 3, 2))
  return i32x4.extract_lane(m, 0)
}

/**
 * Widens minima[channel] and maxima[channel] by each row's range.
 * Returns the largest magnitude as bits of a float: at or above 0x7f800000 when a NaN or an infinity was met, and the
 * ranges are then meaningless.
 */
export function rangeRows(
  source: usize,
  rows: usize,
  inner: usize,
  minima: usize,
  maxima: usize,
  channels: usize,
  firstChannel: usize,
): i32 {
  let channel = firstChannel
  let bits = i32x4.splat(0)
  for (let row: usize = 0; row < rows; row++) {
    let low = f32x4.splat(load<f32>(minima + (channel << 2)))
    let high = f32x4.splat(load<f32>(maxima + (channel << 2)))
    if (inner >= 8) {
      // Two independent chains: a chain of one would wait for each comparison.
      let low2 = low
      let high2 = high
      let bits2 = bits
      const last = inner - 8
      for (let i: usize = 0; ; i = i + 8 < last ? i + 8 : last) {
        const x = v128.load(source + (i << 2))
        const y = v128.load(source + (i << 2), 16)
        low = f32x4.pmin(low, x)
        high = f32x4.pmax(high, x)
        bits = i32x4.max_s(bits, magnitude4(x))
        low2 = f32x4.pmin(low2, y)
        high2 = f32x4.pmax(high2, y)
        bits2 = i32x4.max_s(bits2, magnitude4(y))
        if (i == last) break
      }
      low = f32x4.pmin(low, low2)
      high = f32x4.pmax(high, high2)
      bits = i32x4.max_s(bits, bits2)
    } else {
      for (let i: usize = 0; i < inner; i++) {
        const x = f32x4.splat(load<f32>(source + (i << 2)))
        low = f32x4.pmin(low, x)
        high = f32x4.pmax(high, x)
        bits = i32x4.max_s(bits, magnitude4(x))
      }
    }
    store<f32>(minima + (channel << 2), lowest(low))
    store<f32>(maxima + (channel << 2), highest(high))
    source += inner << 2
    if (++channel == channels) channel = 0
  }
  return highestInt(bits)
}

/** As rangeRows, for inner == 1. */
export function rangeColumns(source: usize, rows: usize, channels: usize, minima: usize, maxima: usize): i32 {
  const vectors = channels & ~3
  let bits = i32x4.splat(0)
  for (let row: usize = 0; row < rows; row++) {
    for (let c: usize = 0; c < vectors; c += 4) {
      const at = c << 2
      const x = v128.load(source + at)
      v128.store(minima + at, f32x4.pmin(v128.load(minima + at), x))
      v128.store(maxima + at, f32x4.pmax(v128.load(maxima + at), x))
      bits = i32x4.max_s(bits, magnitude4(x))
    }
    for (let c = vectors; c < channels; c++) {
      const at = c << 2
      const x = load<f32>(source + at)
      if (x < load<f32>(minima + at)) store<f32>(minima + at, x)
      if (x > load<f32>(maxima + at)) store<f32>(maxima + at, x)
      bits = i32x4.max_s(bits, magnitude4(f32x4.splat(x)))
    }
    source += channels << 2
  }
  return highestInt(bits)
}

// @ts-ignore: decorator
@inline
function dequantize4(q: v128, target: usize, scale: v128, zeroPoint: v128): void {
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(q, zeroPoint)), scale))
}

// @ts-ignore: decorator
@inline
function load4(source: usize, isSigned: bool): v128 {
  const bytes = v128.load32_zero(source)
  return isSigned
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
}

// @ts-ignore: decorator
@inline
function dequantize1(source: usize, target: usize, scale: f32, zeroPoint: i32, isSigned: bool): void {
  const q: i32 = isSigned ? <i32>load<i8>(source) : <i32>load<u8>(source)
  store<f32>(target, <f32>(q - zeroPoint) * scale)
}

export function dequantizeRows(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  scales: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
  isSigned: bool,
): void {
  let channel = firstChannel
  const vectors = inner & ~3
  for (let row: usize = 0; row < rows; row++) {
    const scale = load<f32>(scales + (channel << 2))
    const zeroPoint = load<i32>(zeroPoints + (channel << 2))
    const s = f32x4.splat(scale)
    const z = i32x4.splat(zeroPoint)
    for (let i: usize = 0; i < vectors; i += 4) dequantize4(load4(source + i, isSigned), target + (i << 2), s, z)
    for (let i = vectors; i < inner; i++) dequantize1(source + i, target + (i << 2), scale, zeroPoint, isSigned)
    source += inner
    target += inner << 2
    if (++channel == channels) channel = 0
  }
}

export function dequantizeColumns(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  scales: usize,
  zeroPoints: usize,
  isSigned: bool,
): void {
  const vectors = channels & ~3
  for (let row: usize = 0; row < rows; row++) {
    for (let c: usize = 0; c < vectors; c += 4) {
      const at = c << 2
      dequantize4(load4(source + c, isSigned), target + at, v128.load(scales + at), v128.load(zeroPoints + at))
    }
    for (let c = vectors; c < channels; c++) {
      const at = c << 2
      dequantize1(source + c, target + at, load<f32>(scales + at), load<i32>(zeroPoints + at), isSigned)
    }
    source += channels
    target += channels << 2
  }
}

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
