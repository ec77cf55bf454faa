// Sums and extremes of lines, for reductions, softmax and normalizations. A line is contiguous (a row), or four columns
// at once that are walked down. Sums of float32 are taken in short blocks and added up in double precision, so that the
// error does not grow with the length.
import { exp4 } from './math'

/** What is summed: x, (x − shift)², |x|, e^(x − shift). */
export const PLAIN: i32 = 0
export const SQUARE: i32 = 1
export const ABSOLUTE: i32 = 2
export const EXPONENT: i32 = 3

/** Vectors per accumulator before they are added up in double precision. */
const BLOCK: i32 = 64

const MASKS: usize = memory.data<i32>([-1, -1, -1, -1, 0, 0, 0, 0], 16)

/** The first `count` lanes, 0 to 4. */
// @ts-ignore: decorator
@inline
export function firstLanes(count: i32): v128 {
  return v128.load(MASKS + ((4 - count) << 2))
}

// @ts-ignore: decorator
@inline
export function term(kind: i32, x: v128, shift: v128): v128 {
  if (kind == SQUARE) {
    const d = f32x4.sub(x, shift)
    return f32x4.mul(d, d)
  }
  if (kind == ABSOLUTE) return f32x4.abs(x)
  if (kind == EXPONENT) return exp4(f32x4.sub(x, shift))
  return x
}

// @ts-ignore: decorator
@inline
function total(v: v128): f64 {
  const both = f64x2.add(f64x2.promote_low_f32x4(v), f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1)))
  return f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1)
}

// @ts-ignore: decorator
@inline
function sumRowOf(kind: i32, source: usize, count: i32, shift: v128): f64 {
  let sum: f64 = 0
  let left = count
  while (left >= 16) {
    let a = f32x4.splat(0)
    let b = a
    let c = a
    let d = a
    let turns = left >> 4
    if (turns > BLOCK) turns = BLOCK
    left -= turns << 4
    for (; turns > 0; turns--) {
      a = f32x4.add(a, term(kind, v128.load(source), shift))
      b = f32x4.add(b, term(kind, v128.load(source, 16), shift))
      c = f32x4.add(c, term(kind, v128.load(source, 32), shift))
      d = f32x4.add(d, term(kind, v128.load(source, 48), shift))
      source += 64
    }
    sum += total(f32x4.add(f32x4.add(a, b), f32x4.add(c, d)))
  }
  let rest = f32x4.splat(0)
  for (; left > 0; left -= 4) {
    const mask = left >= 4 ? i32x4.splat(-1) : firstLanes(left)
    rest = f32x4.add(rest, v128.and(term(kind, v128.load(source), shift), mask))
    source += 16
  }
  return sum + total(rest)
}

export function sumRow(kind: i32, source: usize, count: i32, shift: f32): f64 {
  const s = f32x4.splat(shift)
  if (kind == PLAIN) return sumRowOf(PLAIN, source, count, s)
  if (kind == SQUARE) return sumRowOf(SQUARE, source, count, s)
  if (kind == ABSOLUTE) return sumRowOf(ABSOLUTE, source, count, s)
  return sumRowOf(EXPONENT, source, count, s)
}

/** Sums of four columns in double precision stand here: columns 0 and 1, then 2 and 3. */
const SUMS: usize = memory.data(32, 16)

// @ts-ignore: decorator
@inline
function sumColumnsOf(kind: i32, source: usize, rows: i32, pitch: usize, shift: v128): v128 {
  let low = f64x2.splat(0)
  let high = low
  while (rows > 0) {
    let sum = f32x4.splat(0)
    let turns = rows < BLOCK ? rows : BLOCK
    rows -= turns
    for (; turns > 0; turns--) {
      sum = f32x4.add(sum, term(kind, v128.load(source), shift))
      source += pitch
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum))
    high = f64x2.add(high, f64x2.promote_low_f32x4(i32x4.shuffle(sum, sum, 2, 3, 0, 1)))
  }
  v128.store(SUMS, low)
  v128.store(SUMS, high, 16)
  return joined()
}

/** The four sums as float32. */
// @ts-ignore: decorator
@inline
function joined(): v128 {
  const low = f32x4.demote_f64x2_zero(v128.load(SUMS))
  const high = f32x4.demote_f64x2_zero(v128.load(SUMS, 16))
  return i32x4.shuffle(low, high, 0, 1, 4, 5)
}

/** Divides the sums that `sumColumns` left, in double precision. */
export function meanColumns(count: i32): v128 {
  const divisor = f64x2.splat(<f64>count)
  v128.store(SUMS, f64x2.div(v128.load(SUMS), divisor))
  v128.store(SUMS, f64x2.div(v128.load(SUMS, 16), divisor), 16)
  return joined()
}

export function sumColumns(kind: i32, source: usize, rows: i32, pitch: usize, shift: v128): v128 {
  if (kind == PLAIN) return sumColumnsOf(PLAIN, source, rows, pitch, shift)
  if (kind == SQUARE) return sumColumnsOf(SQUARE, source, rows, pitch, shift)
  if (kind == ABSOLUTE) return sumColumnsOf(ABSOLUTE, source, rows, pitch, shift)
  return sumColumnsOf(EXPONENT, source, rows, pitch, shift)
}

// pmax and pmin are one instruction where max and min take about eight; NaN is watched aside.

// @ts-ignore: decorator
@inline
function better(isMax: bool, best: v128, x: v128): v128 {
  return isMax ? f32x4.pmax(best, x) : f32x4.pmin(best, x)
}

// @ts-ignore: decorator
@inline
function extremeRowOf(isMax: bool, source: usize, count: i32): f32 {
  const start = f32x4.splat(isMax ? -Infinity : Infinity)
  let a = start
  let b = start
  let isNan = f32x4.splat(0)
  let left = count
  for (; left >= 8; left -= 8) {
    const x = v128.load(source)
    const y = v128.load(source, 16)
    a = better(isMax, a, x)
    b = better(isMax, b, y)
    isNan = v128.or(isNan, v128.or(f32x4.ne(x, x), f32x4.ne(y, y)))
    source += 32
  }
  a = better(isMax, a, b)
  for (; left > 0; left -= 4) {
    const x = v128.bitselect(v128.load(source), start, left >= 4 ? i32x4.splat(-1) : firstLanes(left))
    a = better(isMax, a, x)
    isNan = v128.or(isNan, f32x4.ne(x, x))
    source += 16
  }
  if (v128.any_true(isNan)) return NaN
  a = better(isMax, a, i32x4.shuffle(a, a, 2, 3, 0, 1))
  a = better(isMax, a, i32x4.shuffle(a, a, 1, 0, 3, 2))
  return f32x4.extract_lane(a, 0)
}

/** NaN when there is one. */
export function extremeRow(isMax: bool, source: usize, count: i32): f32 {
  return isMax ? extremeRowOf(true, source, count) : extremeRowOf(false, source, count)
}

// @ts-ignore: decorator
@inline
function extremeColumnsOf(isMax: bool, source: usize, rows: i32, pitch: usize): v128 {
  let best = f32x4.splat(isMax ? -Infinity : Infinity)
  let isNan = f32x4.splat(0)
  for (; rows > 0; rows--) {
    const x = v128.load(source)
    best = better(isMax, best, x)
    isNan = v128.or(isNan, f32x4.ne(x, x))
    source += pitch
  }
  return v128.or(best, isNan)
}

export function extremeColumns(isMax: bool, source: usize, rows: i32, pitch: usize): v128 {
  return isMax ? extremeColumnsOf(true, source, rows, pitch) : extremeColumnsOf(false, source, rows, pitch)
}
