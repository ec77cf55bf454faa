// Family `quantize`: ranges, quantize, dequantize, histogram, pack. AssemblyScript, SIMD128. This file quantizes; the rest of
// the family is exported from its neighbours.
//
// The host owns the memory: it passes byte addresses, nothing is allocated here. Sources and destinations never
// overlap, so a row's last vector may cover elements that the one before has covered: it writes the same bytes again.
// Rows are runs of `inner` contiguous elements of one channel; row i belongs to channel (firstChannel + i) % channels.
// Columns are the case inner == 1: each row holds every channel once.
// Every call says what it writes (`kind`) and the least and greatest integer of it, which hold the zero points.
import { INT16, INT8, MAGIC, MAGIC_BITS, UINT16, UINT8 } from './quantize-kinds'

export { dequantizeRows, dequantizeColumns } from './quantize-back'
export { rangeRows, rangeColumns } from './quantize-range'
export { histogramRows, pack2, pack4 } from './quantize-count'

/** What no sum with a zero point brings back between the limits. */
const LIMIT: f32 = 65536

/**
 * round(x · reciprocal) of four elements between two limits, which are whole: rounding what was clamped is clamping what was
 * rounded. NaN gives the low one. `bits` is MAGIC_BITS, less what is to be added to the result.
 */
// @ts-ignore: decorator
@inline
function rounded4(x: v128, reciprocal: v128, low: v128, high: v128, bits: v128): v128 {
  // pmax and pmin are one instruction each; max and min handle NaN and take about eight.
  const v = f32x4.pmin(high, f32x4.pmax(low, f32x4.mul(x, reciprocal)))
  return i32x4.sub(f32x4.add(v, f32x4.splat(MAGIC)), bits)
}

/** Two vectors of integers as eight words, saturated. */
// @ts-ignore: decorator
@inline
function words8<T>(a: v128, b: v128): v128 {
  return sizeof<T>() == 2 && !isSigned<T>() ? i16x8.narrow_i32x4_u(a, b) : i16x8.narrow_i32x4_s(a, b)
}

// @ts-ignore: decorator
@inline
function bytes16<T>(a: v128, b: v128): v128 {
  return isSigned<T>() ? i8x16.narrow_i16x8_s(a, b) : i8x16.narrow_i16x8_u(a, b)
}

// @ts-ignore: decorator
@inline
function store4<T>(target: usize, q: v128): void {
  const words = words8<T>(q, q)
  if (sizeof<T>() == 2) v128.store_lane<u64>(target, words, 0)
  else v128.store_lane<u32>(target, bytes16<T>(words, words), 0)
}

// @ts-ignore: decorator
@inline
function quantize16<T>(source: usize, target: usize, r: v128, least: v128, most: v128, bits: v128): void {
  const a = rounded4(v128.load(source), r, least, most, bits)
  const b = rounded4(v128.load(source, 16), r, least, most, bits)
  const c = rounded4(v128.load(source, 32), r, least, most, bits)
  const d = rounded4(v128.load(source, 48), r, least, most, bits)
  const low = words8<T>(a, b)
  const high = words8<T>(c, d)
  if (sizeof<T>() == 2) {
    v128.store(target, low)
    v128.store(target, high, 16)
  } else v128.store(target, bytes16<T>(low, high))
}

// @ts-ignore: decorator
@inline
function quantize1<T>(source: usize, target: usize, reciprocal: f32, zeroPoint: i32, low: i32, high: i32): void {
  let v: f32 = load<f32>(source) * reciprocal
  v = v > -LIMIT ? v : -LIMIT
  v = v < LIMIT ? v : LIMIT
  let q: i32 = reinterpret<i32>(v + MAGIC) - MAGIC_BITS + zeroPoint
  q = q < low ? low : q > high ? high : q
  store<T>(target, <T>q)
}

// @ts-ignore: decorator
@inline
function quantizeRow<T>(
  source: usize,
  target: usize,
  inner: usize,
  reciprocal: f32,
  zeroPoint: i32,
  low: i32,
  high: i32,
): void {
  const r = f32x4.splat(reciprocal)
  const least = f32x4.splat(<f32>(low - zeroPoint))
  const most = f32x4.splat(<f32>(high - zeroPoint))
  const bits = i32x4.splat(MAGIC_BITS - zeroPoint)
  if (inner >= 16) {
    const last = inner - 16
    for (let i: usize = 0; i < last; i += 16) quantize16<T>(source + (i << 2), target + i * sizeof<T>(), r, least, most, bits)
    quantize16<T>(source + (last << 2), target + last * sizeof<T>(), r, least, most, bits)
  } else if (inner >= 4) {
    const last = inner - 4
    for (let i: usize = 0; i < last; i += 4) {
      store4<T>(target + i * sizeof<T>(), rounded4(v128.load(source + (i << 2)), r, least, most, bits))
    }
    store4<T>(target + last * sizeof<T>(), rounded4(v128.load(source + (last << 2)), r, least, most, bits))
  } else {
    for (let i: usize = 0; i < inner; i++) {
      quantize1<T>(source + (i << 2), target + i * sizeof<T>(), reciprocal, zeroPoint, low, high)
    }
  }
}

// @ts-ignore: decorator
@inline
function quantizeRowsOf<T>(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  reciprocals: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
  low: i32,
  high: i32,
): void {
  let channel = firstChannel
  for (let row: usize = 0; row < rows; row++) {
    const reciprocal = load<f32>(reciprocals + (channel << 2))
    const zeroPoint = load<i32>(zeroPoints + (channel << 2))
    quantizeRow<T>(source, target, inner, reciprocal, zeroPoint, low, high)
    source += inner << 2
    target += inner * sizeof<T>()
    if (++channel == channels) channel = 0
  }
}

// A copy of the loop for each type, so that the branches on it stand outside.
export function quantizeRows(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  reciprocals: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
  kind: i32,
  low: i32,
  high: i32,
): void {
  if (kind == INT8) quantizeRowsOf<i8>(source, target, rows, inner, reciprocals, zeroPoints, channels, firstChannel, low, high)
  else if (kind == UINT8) quantizeRowsOf<u8>(source, target, rows, inner, reciprocals, zeroPoints, channels, firstChannel, low, high)
  else if (kind == INT16) quantizeRowsOf<i16>(source, target, rows, inner, reciprocals, zeroPoints, channels, firstChannel, low, high)
  else quantizeRowsOf<u16>(source, target, rows, inner, reciprocals, zeroPoints, channels, firstChannel, low, high)
}

/** Four columns, not clamped to the limits. */
// @ts-ignore: decorator
@inline
function column4(source: usize, reciprocals: usize, zeroPoints: usize): v128 {
  const r = v128.load(reciprocals)
  const rounded = rounded4(v128.load(source), r, f32x4.splat(-LIMIT), f32x4.splat(LIMIT), i32x4.splat(MAGIC_BITS))
  return i32x4.add(rounded, v128.load(zeroPoints))
}

/** Sixteen bytes between limits that are bytes, too: cheaper than clamping four vectors. */
// @ts-ignore: decorator
@inline
function bytesBetween<T>(bytes: v128, low: i32, high: i32): v128 {
  const least = i8x16.splat(<i8>low)
  const most = i8x16.splat(<i8>high)
  return isSigned<T>()
    ? i8x16.min_s(most, i8x16.max_s(least, bytes))
    : i8x16.min_u(most, i8x16.max_u(least, bytes))
}

// @ts-ignore: decorator
@inline
function quantizeColumnsOf<T>(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  reciprocals: usize,
  zeroPoints: usize,
  low: i32,
  high: i32,
): void {
  const blocks: usize = sizeof<T>() == 2 ? 0 : channels & ~15
  const vectors = channels & ~3
  const least = i32x4.splat(low)
  const most = i32x4.splat(high)
  for (let row: usize = 0; row < rows; row++) {
    let c: usize = 0
    for (; c < blocks; c += 16) {
      const at = c << 2
      const a = column4(source + at, reciprocals + at, zeroPoints + at)
      const b = column4(source + at + 16, reciprocals + at + 16, zeroPoints + at + 16)
      const d = column4(source + at + 32, reciprocals + at + 32, zeroPoints + at + 32)
      const e = column4(source + at + 48, reciprocals + at + 48, zeroPoints + at + 48)
      const bytes = bytes16<T>(words8<T>(a, b), words8<T>(d, e))
      v128.store(target + c, bytesBetween<T>(bytes, low, high))
    }
    for (; c < vectors; c += 4) {
      const at = c << 2
      const q = column4(source + at, reciprocals + at, zeroPoints + at)
      store4<T>(target + c * sizeof<T>(), i32x4.min_s(most, i32x4.max_s(least, q)))
    }
    for (; c < channels; c++) {
      const at = c << 2
      const place = target + c * sizeof<T>()
      quantize1<T>(source + at, place, load<f32>(reciprocals + at), load<i32>(zeroPoints + at), low, high)
    }
    source += channels << 2
    target += channels * sizeof<T>()
  }
}

export function quantizeColumns(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  reciprocals: usize,
  zeroPoints: usize,
  kind: i32,
  low: i32,
  high: i32,
): void {
  if (kind == INT8) quantizeColumnsOf<i8>(source, target, rows, channels, reciprocals, zeroPoints, low, high)
  else if (kind == UINT8) quantizeColumnsOf<u8>(source, target, rows, channels, reciprocals, zeroPoints, low, high)
  else if (kind == INT16) quantizeColumnsOf<i16>(source, target, rows, channels, reciprocals, zeroPoints, low, high)
  else quantizeColumnsOf<u16>(source, target, rows, channels, reciprocals, zeroPoints, low, high)
}
