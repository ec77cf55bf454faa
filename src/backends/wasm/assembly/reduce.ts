// Families `reduce` and `argReduce` over the middle of [outer, size, inner].
//
// args: [input, output, outer, size, inner, columns, reduction]; `columns` of `inner` are reduced, for calls that are
// split. argReduce: [..., isMax, takesLast] instead of the reduction; its output is int64.
import { log4 } from './math'
import {
  ABSOLUTE, EXPONENT, extremeColumns, extremeNumber, extremeRow, joined, PLAIN, SQUARE, sumColumns, sumRow,
} from './rows'
import {
  REDUCE_L1, REDUCE_L2, REDUCE_LOG_SUM, REDUCE_LOG_SUM_EXP, REDUCE_MAX, REDUCE_MEAN, REDUCE_MIN, REDUCE_PROD,
  REDUCE_SUM_SQUARE,
} from '../opcodes'
import { addressAt, storeLanes, word } from './simd'

export function reduce(args: usize): i32 {
  let source = addressAt(args, 0)
  let target = addressAt(args, 1)
  const size = word(args, 3)
  const inner = word(args, 4)
  const columns = word(args, 5)
  const reduction = word(args, 6)
  for (let outer = word(args, 2); outer > 0; outer--) {
    if (inner == 1) store<f32>(target, row(reduction, source, size))
    else {
      const pitch = <usize>inner << 2
      let j = 0
      for (; j + 16 <= columns; j += 16) column(reduction, true, source + (j << 2), target + (j << 2), size, pitch, 16)
      for (; j < columns; j += 4) column(reduction, false, source + (j << 2), target + (j << 2), size, pitch, columns - j)
    }
    source += <usize>(size * inner) << 2
    target += <usize>inner << 2
  }
  return 0
}

// @ts-ignore: decorator
@inline
function kindOf(reduction: i32): i32 {
  if (reduction == REDUCE_SUM_SQUARE || reduction == REDUCE_L2) return SQUARE
  if (reduction == REDUCE_L1) return ABSOLUTE
  if (reduction == REDUCE_LOG_SUM_EXP) return EXPONENT
  return PLAIN
}

function row(reduction: i32, source: usize, size: i32): f32 {
  if (reduction == REDUCE_MAX) return extremeRow(true, source, size)
  if (reduction == REDUCE_MIN) return extremeRow(false, source, size)
  if (reduction == REDUCE_PROD) {
    let product: f64 = 1
    for (let i = 0; i < size; i++) product *= load<f32>(source + (<usize>i << 2))
    return <f32>product
  }
  let shift: f32 = 0
  if (reduction == REDUCE_LOG_SUM_EXP) {
    shift = extremeRow(true, source, size)
    if (!isFinite(shift)) return shift
  }
  const sum = sumRow(kindOf(reduction), source, size, shift)
  if (reduction == REDUCE_MEAN) return <f32>(sum / size)
  if (reduction == REDUCE_L2) return <f32>sqrt(sum)
  if (reduction == REDUCE_LOG_SUM) return f32x4.extract_lane(log4(f32x4.splat(<f32>sum)), 0)
  if (reduction == REDUCE_LOG_SUM_EXP) return shift + f32x4.extract_lane(log4(f32x4.splat(<f32>sum)), 0)
  return <f32>sum
}

/** What is subtracted before summing, and extremes; for 16 columns. */
const SHIFTS: usize = memory.data(64, 16)

/** Four columns, of which the first `left` count, or 16 when it `isWide`. */
function column(
  reduction: i32, isWide: bool, source: usize, target: usize, size: i32, pitch: usize, left: i32,
): void {
  const vectors = isWide ? 4 : 1
  for (let i: usize = 0; i < 64; i += 16) v128.store(SHIFTS + i, f32x4.splat(0))
  const isExtreme = reduction == REDUCE_MAX || reduction == REDUCE_MIN
  if (isExtreme || reduction == REDUCE_LOG_SUM_EXP) {
    extremeColumns(reduction != REDUCE_MIN, isWide, source, size, pitch, SHIFTS)
  }
  if (!isExtreme && reduction != REDUCE_PROD) sumColumns(kindOf(reduction), isWide, source, size, pitch, SHIFTS)
  for (let i = 0; i < vectors; i++) {
    const shift = v128.load(SHIFTS + (i << 4))
    let y = shift
    if (reduction == REDUCE_PROD) y = product(source + (i << 4), size, pitch)
    else if (!isExtreme) y = finished(reduction, joined(i, reduction == REDUCE_MEAN ? <f64>size : 1), shift)
    storeLanes(target + (i << 4), y, isWide ? 4 : left)
  }
}

function finished(reduction: i32, sum: v128, shift: v128): v128 {
  if (reduction == REDUCE_L2) return f32x4.sqrt(sum)
  if (reduction == REDUCE_LOG_SUM) return log4(sum)
  if (reduction != REDUCE_LOG_SUM_EXP) return sum
  const isFinite = f32x4.lt(f32x4.abs(shift), f32x4.splat(Infinity))
  return v128.bitselect(f32x4.add(shift, log4(sum)), shift, isFinite)
}

function product(source: usize, size: i32, pitch: usize): v128 {
  let low = f64x2.splat(1)
  let high = low
  for (; size > 0; size--) {
    const x = v128.load(source)
    low = f64x2.mul(low, f64x2.promote_low_f32x4(x))
    high = f64x2.mul(high, f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 0, 1)))
    source += pitch
  }
  return i32x4.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 1, 4, 5)
}

export function argReduce(args: usize): i32 {
  let source = addressAt(args, 0)
  let target = addressAt(args, 1)
  const size = word(args, 3)
  const inner = word(args, 4)
  const columns = word(args, 5)
  const isMax = word(args, 6) != 0
  const takesLast = word(args, 7) != 0
  const pitch = <usize>inner << 2
  for (let outer = word(args, 2); outer > 0; outer--) {
    if (inner == 1) store<i64>(target, rowPlace(source, size, isMax, takesLast))
    else {
      for (let j = 0; j < columns; j += 4) {
        const places = columnPlaces(source + (<usize>j << 2), size, pitch, isMax, takesLast)
        const at = target + (<usize>j << 3)
        const left = columns - j
        store<i64>(at, i32x4.extract_lane(places, 0))
        if (left > 1) store<i64>(at, i32x4.extract_lane(places, 1), 8)
        if (left > 2) store<i64>(at, i32x4.extract_lane(places, 2), 16)
        if (left > 3) store<i64>(at, i32x4.extract_lane(places, 3), 24)
      }
    }
    source += <usize>(size * inner) << 2
    target += <usize>inner << 3
  }
  return 0
}

/** NaN is never better than a number, and nothing is better than a NaN that comes first. */
function rowPlace(source: usize, size: i32, isMax: bool, takesLast: bool): i32 {
  const first = load<f32>(source)
  if (first != first) return 0
  const best = extremeNumber(isMax, source, size)
  if (takesLast) {
    let i = size - 1
    while (load<f32>(source + (<usize>i << 2)) != best) i--
    return i
  }
  const all = f32x4.splat(best)
  let i = 0
  while (i + 4 <= size && !v128.any_true(f32x4.eq(v128.load(source + (<usize>i << 2)), all))) i += 4
  while (load<f32>(source + (<usize>i << 2)) != best) i++
  return i
}

function columnPlaces(source: usize, size: i32, pitch: usize, isMax: bool, takesLast: bool): v128 {
  let best = v128.load(source)
  let places = i32x4.splat(0)
  for (let i = 1; i < size; i++) {
    source += pitch
    const x = v128.load(source)
    let isBetter = isMax ? f32x4.gt(x, best) : f32x4.lt(x, best)
    if (takesLast) isBetter = v128.or(isBetter, f32x4.eq(x, best))
    best = v128.bitselect(x, best, isBetter)
    places = v128.bitselect(i32x4.splat(i), places, isBetter)
  }
  return places
}
