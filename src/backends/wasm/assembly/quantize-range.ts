// Family `quantize`: exact minima and maxima. quantize.ts says what rows and columns are.
import { MAGNITUDE } from './quantize-kinds'

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
