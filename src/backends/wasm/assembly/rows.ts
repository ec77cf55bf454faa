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

/** Sums of 16 columns in double precision stand here, and their shifts. */
const SUMS: usize = memory.data(128, 16)

/**
 * Sums of four columns (`vectors` 1) or 16 (`vectors` 4: a cache line), which `joined` gives. `shifts` is the address of
 * a shift for each.
 */
// @ts-ignore: decorator
@inline
function sumColumnsOf(kind: i32, vectors: i32, source: usize, rows: i32, pitch: usize, shifts: usize): void {
  for (let i: usize = 0; i < 128; i += 16) v128.store(SUMS + i, f64x2.splat(0))
  const s0 = v128.load(shifts)
  const s1 = vectors == 4 ? v128.load(shifts, 16) : s0
  const s2 = vectors == 4 ? v128.load(shifts, 32) : s0
  const s3 = vectors == 4 ? v128.load(shifts, 48) : s0
  while (rows > 0) {
    let a = f32x4.splat(0)
    let b = a
    let c = a
    let d = a
    let turns = rows < BLOCK ? rows : BLOCK
    rows -= turns
    for (; turns > 0; turns--) {
      a = f32x4.add(a, term(kind, v128.load(source), s0))
      if (vectors == 4) {
        b = f32x4.add(b, term(kind, v128.load(source, 16), s1))
        c = f32x4.add(c, term(kind, v128.load(source, 32), s2))
        d = f32x4.add(d, term(kind, v128.load(source, 48), s3))
      }
      source += pitch
    }
    addTo(SUMS, a)
    if (vectors == 4) {
      addTo(SUMS + 32, b)
      addTo(SUMS + 64, c)
      addTo(SUMS + 96, d)
    }
  }
}

function addTo(sums: usize, v: v128): void {
  v128.store(sums, f64x2.add(v128.load(sums), f64x2.promote_low_f32x4(v)))
  const high = f64x2.promote_low_f32x4(i32x4.shuffle(v, v, 2, 3, 0, 1))
  v128.store(sums, f64x2.add(v128.load(sums, 16), high), 16)
}

/** The i-th four sums divided by a number, as float32. */
export function joined(i: i32, divisor: f64): v128 {
  const at = SUMS + (i << 5)
  const low = f64x2.div(v128.load(at), f64x2.splat(divisor))
  const high = f64x2.div(v128.load(at, 16), f64x2.splat(divisor))
  return i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
}

export function sumColumns(kind: i32, isWide: bool, source: usize, rows: i32, pitch: usize, shifts: usize): void {
  if (kind == PLAIN) {
    if (isWide) sumColumnsOf(PLAIN, 4, source, rows, pitch, shifts)
    else sumColumnsOf(PLAIN, 1, source, rows, pitch, shifts)
  } else if (kind == SQUARE) {
    if (isWide) sumColumnsOf(SQUARE, 4, source, rows, pitch, shifts)
    else sumColumnsOf(SQUARE, 1, source, rows, pitch, shifts)
  } else if (kind == ABSOLUTE) {
    if (isWide) sumColumnsOf(ABSOLUTE, 4, source, rows, pitch, shifts)
    else sumColumnsOf(ABSOLUTE, 1, source, rows, pitch, shifts)
  } else if (isWide) sumColumnsOf(EXPONENT, 4, source, rows, pitch, shifts)
  else sumColumnsOf(EXPONENT, 1, source, rows, pitch, shifts)
}

// pmax and pmin are one instruction where max and min take about eight; NaN is watched aside.

// @ts-ignore: decorator
@inline
function better(isMax: bool, best: v128, x: v128): v128 {
  return isMax ? f32x4.pmax(best, x) : f32x4.pmin(best, x)
}

// @ts-ignore: decorator
@inline
function extremeRowOf(isMax: bool, skipsNan: bool, source: usize, count: i32): f32 {
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
  if (!skipsNan && v128.any_true(isNan)) return NaN
  a = better(isMax, a, i32x4.shuffle(a, a, 2, 3, 0, 1))
  a = better(isMax, a, i32x4.shuffle(a, a, 1, 0, 3, 2))
  return f32x4.extract_lane(a, 0)
}

/** NaN when there is one. */
export function extremeRow(isMax: bool, source: usize, count: i32): f32 {
  return isMax ? extremeRowOf(true, false, source, count) : extremeRowOf(false, false, source, count)
}

/** Of what is a number; an infinity when nothing is. */
export function extremeNumber(isMax: bool, source: usize, count: i32): f32 {
  return isMax ? extremeRowOf(true, true, source, count) : extremeRowOf(false, true, source, count)
}

// @ts-ignore: decorator
@inline
function extremeColumnsOf(isMax: bool, vectors: i32, source: usize, rows: i32, pitch: usize, target: usize): void {
  const start = f32x4.splat(isMax ? -Infinity : Infinity)
  let a = start
  let b = start
  let c = start
  let d = start
  let isNanA = f32x4.splat(0)
  let isNanB = isNanA
  let isNanC = isNanA
  let isNanD = isNanA
  for (; rows > 0; rows--) {
    const x = v128.load(source)
    a = better(isMax, a, x)
    isNanA = v128.or(isNanA, f32x4.ne(x, x))
    if (vectors == 4) {
      const y = v128.load(source, 16)
      b = better(isMax, b, y)
      isNanB = v128.or(isNanB, f32x4.ne(y, y))
      const z = v128.load(source, 32)
      c = better(isMax, c, z)
      isNanC = v128.or(isNanC, f32x4.ne(z, z))
      const w = v128.load(source, 48)
      d = better(isMax, d, w)
      isNanD = v128.or(isNanD, f32x4.ne(w, w))
    }
    source += pitch
  }
  v128.store(target, v128.or(a, isNanA))
  if (vectors == 4) {
    v128.store(target, v128.or(b, isNanB), 16)
    v128.store(target, v128.or(c, isNanC), 32)
    v128.store(target, v128.or(d, isNanD), 48)
  }
}

/** Extremes of four columns, or of 16, are written to `target`; NaN where there is one. */
export function extremeColumns(isMax: bool, isWide: bool, source: usize, rows: i32, pitch: usize, target: usize): void {
  if (isMax) {
    if (isWide) extremeColumnsOf(true, 4, source, rows, pitch, target)
    else extremeColumnsOf(true, 1, source, rows, pitch, target)
  } else if (isWide) extremeColumnsOf(false, 4, source, rows, pitch, target)
  else extremeColumnsOf(false, 1, source, rows, pitch, target)
}
