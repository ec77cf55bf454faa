// Family `resample`: [outer, size, inner] → [outer, newSize, inner]; every output is a weighted sum of `taps` inputs.
//
// args: [input, output, outer, size, newSize, inner, taps, indices[taps · newSize], weights[taps · newSize]].
// What has weight 0 does not count: it may be infinite or NaN.
import { addressAt, float, fma, storeLanes, word } from './simd'

export function resample(args: usize): i32 {
  let source = addressAt(args, 0)
  let target = addressAt(args, 1)
  const size = word(args, 3)
  const newSize = word(args, 4)
  const inner = word(args, 5)
  const taps = word(args, 6)
  const indices = args + 28
  const weights = indices + (<usize>(newSize * taps) << 2)
  const pitch = <usize>inner << 2
  for (let outer = word(args, 2); outer > 0; outer--) {
    if (inner == 1) along(source, target, newSize, taps, indices, weights)
    else {
      for (let j = 0; j < newSize; j++) {
        across(source, target + <usize>j * pitch, inner, newSize, taps, indices + (j << 2), weights + (j << 2))
      }
    }
    source += <usize>size * pitch
    target += <usize>newSize * pitch
  }
  return 0
}

/** A line that is contiguous: four outputs at once. */
function along(source: usize, target: usize, newSize: i32, taps: i32, indices: usize, weights: usize): void {
  let j = 0
  for (; j + 4 <= newSize; j += 4) {
    let sum = f32x4.splat(0)
    for (let t = 0; t < taps; t++) {
      const at = <usize>(t * newSize + j) << 2
      const weight = v128.load(weights + at)
      let x = v128.load32_zero(source + (word(indices + at, 0) << 2))
      x = v128.load32_lane(source + (word(indices + at, 1) << 2), x, 1)
      x = v128.load32_lane(source + (word(indices + at, 2) << 2), x, 2)
      x = v128.load32_lane(source + (word(indices + at, 3) << 2), x, 3)
      sum = fma(weight, v128.and(x, f32x4.ne(weight, f32x4.splat(0))), sum)
    }
    v128.store(target + (j << 2), sum)
  }
  for (; j < newSize; j++) {
    let sum: f32 = 0
    for (let t = 0; t < taps; t++) {
      const weight = float(weights, t * newSize + j)
      if (weight != 0) sum += weight * load<f32>(source + (word(indices, t * newSize + j) << 2))
    }
    store<f32>(target + (j << 2), sum)
  }
}

/** One output of lines that run across memory: `inner` of them side by side. */
function across(
  source: usize, target: usize, inner: i32, newSize: i32, taps: i32, indices: usize, weights: usize,
): void {
  const pitch = <usize>inner << 2
  for (let i = 0; i < inner; i += 4) {
    let sum = f32x4.splat(0)
    for (let t = 0; t < taps; t++) {
      const weight = float(weights, t * newSize)
      if (weight == 0) continue
      const x = v128.load(source + (<usize>i << 2) + <usize>word(indices, t * newSize) * pitch)
      sum = fma(f32x4.splat(weight), x, sum)
    }
    storeLanes(target + (<usize>i << 2), sum, inner - i)
  }
}
