// Family `normalize`: rows of `size` to mean 0 and variance 1 (or to mean square 1), then scaled and shifted.
//
// args: [input, output, scale or 0, bias or 0, firstRow, rows, size, epsilon, isRms, channels, spread]; input and output
// are those of row 0. `channels` 0: scale and bias have one entry per element of a row; else one per `spread` elements,
// starting over every `channels` entries. Mean and variance are taken in two passes, in double precision.
import { PLAIN, SQUARE, sumRow } from './rows'
import { addressAt, float, fma, storeLanes, word } from './simd'

export function normalize(args: usize): i32 {
  const scale = addressAt(args, 2)
  const bias = addressAt(args, 3)
  const firstRow = word(args, 4)
  const rows = word(args, 5)
  const size = word(args, 6)
  const epsilon = <f64>float(args, 7)
  const isRms = word(args, 8) != 0
  const channels = word(args, 9)
  const spread = word(args, 10)
  for (let r = firstRow; r < firstRow + rows; r++) {
    const offset = <usize>(r * size) << 2
    const source = addressAt(args, 0) + offset
    const target = addressAt(args, 1) + offset
    const mean: f32 = isRms ? 0 : <f32>(sumRow(PLAIN, source, size, 0) / size)
    const variance = sumRow(SQUARE, source, size, mean) / size
    const factor = <f32>(1 / sqrt(variance + epsilon))
    if (channels == 0) byElement(source, target, size, mean, factor, scale, bias)
    else {
      let position = r * size
      const end = position + size
      let at: usize = 0
      while (position < end) {
        let count = spread - position % spread
        if (count > end - position) count = end - position
        const entry = <usize>((position / spread) % channels) << 2
        const step: f32 = scale != 0 ? factor * load<f32>(scale + entry) : factor
        const start: f32 = bias != 0 ? load<f32>(bias + entry) : 0
        segment(source + at, target + at, count, mean, step, start)
        position += count
        at += <usize>count << 2
      }
    }
  }
  return 0
}

function segment(source: usize, target: usize, count: i32, mean: f32, factor: f32, start: f32): void {
  const m = f32x4.splat(mean)
  const f = f32x4.splat(factor)
  const b = f32x4.splat(start)
  for (; count > 0; count -= 4) {
    storeLanes(target, fma(f32x4.sub(v128.load(source), m), f, b), count)
    source += 16
    target += 16
  }
}

function byElement(
  source: usize, target: usize, size: i32, mean: f32, factor: f32, scale: usize, bias: usize,
): void {
  if (scale == 0 && bias == 0) return segment(source, target, size, mean, factor, 0)
  const m = f32x4.splat(mean)
  const f = f32x4.splat(factor)
  for (let left = size; left > 0; left -= 4) {
    let y = f32x4.mul(f32x4.sub(v128.load(source), m), f)
    if (scale != 0) {
      y = f32x4.mul(y, v128.load(scale))
      scale += 16
    }
    if (bias != 0) {
      y = f32x4.add(y, v128.load(bias))
      bias += 16
    }
    storeLanes(target, y, left)
    source += 16
    target += 16
  }
}
