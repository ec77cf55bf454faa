// Family `softmax` over the middle of [outer, size, inner]: e^(x − max) / Σ, or x − max − log Σ.
//
// args: [input, output, outer, size, inner, columns, isLog]; `columns` of `inner` are computed, for calls that are split.
import { exp4, log4 } from './math'
import { EXPONENT, extremeRow, firstLanes, sumRow } from './rows'
import { addressAt, scratch, storeLanes, word } from './simd'

/** Columns that are computed together: long enough runs of memory, and their lines stay in the cache. */
const BLOCK: i32 = 256

export function softmax(args: usize): i32 {
  let source = addressAt(args, 0)
  let target = addressAt(args, 1)
  const size = word(args, 3)
  const inner = word(args, 4)
  const columns = word(args, 5)
  const isLog = word(args, 6) != 0
  for (let outer = word(args, 2); outer > 0; outer--) {
    if (inner == 1) {
      if (isLog) logRow(source, target, size)
      else row(source, target, size)
    } else {
      for (let j = 0; j < columns; j += BLOCK) {
        const at = <usize>j << 2
        block(source + at, target + at, size, <usize>inner << 2, min(BLOCK, columns - j), isLog)
      }
    }
    const bytes = <usize>(size * inner) << 2
    source += bytes
    target += bytes
  }
  return 0
}

function row(source: usize, target: usize, size: i32): void {
  const shift = f32x4.splat(extremeRow(true, source, size))
  let sum: f64 = 0
  let left = size
  let at = target
  while (left > 0) {
    let part = f32x4.splat(0)
    // short blocks, added up in double precision
    for (let block = left > 256 ? 64 : (left + 3) >> 2; block > 0; block--) {
      const e = exp4(f32x4.sub(v128.load(source), shift))
      storeLanes(at, e, left)
      part = f32x4.add(part, left >= 4 ? e : v128.and(e, firstLanes(left)))
      source += 16
      at += 16
      left -= 4
    }
    sum += <f64>f32x4.extract_lane(part, 0) + <f64>f32x4.extract_lane(part, 1)
    sum += <f64>f32x4.extract_lane(part, 2) + <f64>f32x4.extract_lane(part, 3)
  }
  const factor = f32x4.splat(<f32>(1 / sum))
  for (left = size; left > 0; left -= 4) {
    storeLanes(target, f32x4.mul(v128.load(target), factor), left)
    target += 16
  }
}

function logRow(source: usize, target: usize, size: i32): void {
  const most = extremeRow(true, source, size)
  const sum = <f32>sumRow(EXPONENT, source, size, most)
  const shift = f32x4.splat(most)
  const logarithm = log4(f32x4.splat(sum))
  for (let left = size; left > 0; left -= 4) {
    storeLanes(target, f32x4.sub(f32x4.sub(v128.load(source), shift), logarithm), left)
    source += 16
    target += 16
  }
}

/** Scratch: the maximum, then the sum of each column. */
function block(source: usize, target: usize, size: i32, pitch: usize, columns: i32, isLog: bool): void {
  const end = <usize>columns << 2
  const sums = scratch + (BLOCK << 2)
  for (let j: usize = 0; j < end; j += 16) {
    v128.store(scratch + j, f32x4.splat(-Infinity))
    v128.store(sums + j, f32x4.splat(0))
  }
  for (let i = 0; i < size; i++) {
    const from = source + <usize>i * pitch
    // a NaN is passed over here, and makes the sum NaN
    for (let j: usize = 0; j < end; j += 16) {
      v128.store(scratch + j, f32x4.pmax(v128.load(scratch + j), v128.load(from + j)))
    }
  }
  for (let i = 0; i < size; i++) {
    const from = source + <usize>i * pitch
    const to = target + <usize>i * pitch
    for (let j: usize = 0; j < end; j += 16) {
      const e = exp4(f32x4.sub(v128.load(from + j), v128.load(scratch + j)))
      v128.store(sums + j, f32x4.add(v128.load(sums + j), e))
      if (!isLog) storeLanes(to + j, e, <i32>(end - j) >> 2)
    }
  }
  for (let j: usize = 0; j < end; j += 16) {
    const sum = v128.load(sums + j)
    v128.store(sums + j, isLog ? log4(sum) : f32x4.div(f32x4.splat(1), sum))
  }
  for (let i = 0; i < size; i++) {
    const from = source + <usize>i * pitch
    const to = target + <usize>i * pitch
    for (let j: usize = 0; j < end; j += 16) {
      const part = v128.load(sums + j)
      const y = isLog
        ? f32x4.sub(f32x4.sub(v128.load(from + j), v128.load(scratch + j)), part)
        : f32x4.mul(v128.load(to + j), part)
      storeLanes(to + j, y, <i32>(end - j) >> 2)
    }
  }
}
