// Family `resample`: [outer, size, inner] → [outer, newSize, inner]; every output is a weighted sum of `taps` inputs.
//
// args: [input, output, outer, size, newSize, inner, taps, indices[newSize · taps], weights[newSize · taps]].
// What has weight 0 is not read: it may be infinite or NaN.
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
    for (let j = 0; j < newSize; j++) {
      const first = j * taps
      if (inner == 1) store<f32>(target, one(source, first, taps, indices, weights))
      else line(source, target, inner, first, taps, indices, weights)
      target += pitch
    }
    source += <usize>size * pitch
  }
  return 0
}

// @ts-ignore: decorator
@inline
function one(source: usize, first: i32, taps: i32, indices: usize, weights: usize): f32 {
  let sum: f32 = 0
  for (let t = first; t < first + taps; t++) {
    const weight = float(weights, t)
    if (weight != 0) sum += weight * load<f32>(source + (<usize>word(indices, t) << 2))
  }
  return sum
}

function line(source: usize, target: usize, inner: i32, first: i32, taps: i32, indices: usize, weights: usize): void {
  const pitch = <usize>inner << 2
  for (let i = 0; i < inner; i += 4) {
    let sum = f32x4.splat(0)
    for (let t = first; t < first + taps; t++) {
      const weight = float(weights, t)
      if (weight == 0) continue
      const x = v128.load(source + (<usize>i << 2) + <usize>word(indices, t) * pitch)
      sum = fma(f32x4.splat(weight), x, sum)
    }
    storeLanes(target + (<usize>i << 2), sum, inner - i)
  }
}
