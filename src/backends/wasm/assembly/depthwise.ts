// Family `depthwise`: every output channel reads one input channel, whose rows are added up where they lie. Height and
// width only.
//
// args = [x, weight, bias (0: none), y, channels, multiplier, 0, 0, activation, activationA, activationB, windows…]
import { activate } from './activation'
import { take } from './conv'
import { addressAt, float, fma, word } from './simd'
import { dH, dW, firstBeyond, firstInside, inH, inW, kH, kW, outH, outW, pH, pW, readWindows, sH, sW } from './windows'

export function depthwise(args: usize): i32 {
  readWindows(args, 11)
  const bias = addressAt(args, 2)
  const channels = word(args, 4)
  const multiplier = word(args, 5)
  let weight = addressAt(args, 1)
  let y = addressAt(args, 3)
  for (let c = 0; c < channels; c++) {
    const x = addressAt(args, 0) + (((c / multiplier) * inH * inW) << 2)
    const first: f32 = bias == 0 ? 0 : load<f32>(bias + (c << 2))
    const from = y
    for (let oy = 0; oy < outH; oy++) {
      const top = oy * sH - pH
      // rows [low, high) of the kernel lie over the image
      const low = min(kH, firstInside(top, dH, 0))
      const high = min(kH, firstBeyond(top, dH, 0, inH))
      line(x + (((top + low * dH) * inW) << 2), weight + ((low * kW) << 2), high - low, first, y)
      y += outW << 2
    }
    activate(from, outH * outW, word(args, 8), float(args, 9), float(args, 10))
    weight += (kH * kW) << 2
  }
  return 0
}

/** One row of the output: `rows` rows of the kernel, the first of which lies over row `x`. */
function line(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  // outputs [low, high) see the whole width of the kernel
  const low = min(outW, firstInside(0, sW, pW))
  const high = max(low, min(outW, firstBeyond((kW - 1) * dW, sW, pW, inW)))
  edge(x, weight, rows, first, y, 0, low)
  const x0 = x - (pW << 2)
  let done = low
  if (sW <= 2 && high - low >= 4) {
    const step = high - low >= 8 ? 8 : 4
    // what is left at the end begins before it, and is computed twice
    for (let o = low; o < high; o += step) {
      const at = min(o, high - step)
      if (step == 8) eight(x0 + ((at * sW) << 2), weight, rows, first, y + (at << 2))
      else four(x0 + ((at * sW) << 2), weight, rows, first, y + (at << 2))
    }
    done = high
  }
  edge(x, weight, rows, first, y, done, outW)
}

function eight(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  let low = f32x4.splat(first)
  let high = low
  const half: usize = <usize>sW << 4
  for (; rows > 0; rows--) {
    let from = x
    for (let kx = 0; kx < kW; kx++) {
      const w = v128.load32_splat(weight)
      low = fma(w, take(from), low)
      high = fma(w, take(from + half), high)
      from += dW << 2
      weight += 4
    }
    x += (dH * inW) << 2
  }
  v128.store(y, low)
  v128.store(y, high, 16)
}

function four(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  let sum = f32x4.splat(first)
  for (; rows > 0; rows--) {
    let from = x
    for (let kx = 0; kx < kW; kx++) {
      sum = fma(v128.load32_splat(weight), take(from), sum)
      from += dW << 2
      weight += 4
    }
    x += (dH * inW) << 2
  }
  v128.store(y, sum)
}

/** Outputs [from, to), one by one: of each the part of the kernel that lies over the image. */
function edge(x: usize, weight: usize, rows: i32, first: f32, y: usize, from: i32, to: i32): void {
  for (let o = from; o < to; o++) {
    let sum = first
    let row = x
    let w = weight
    for (let ky = 0; ky < rows; ky++) {
      let ix = o * sW - pW
      for (let kx = 0; kx < kW; kx++, ix += dW, w += 4) {
        if (<u32>ix < <u32>inW) sum += load<f32>(w) * load<f32>(row + (ix << 2))
      }
      row += (dH * inW) << 2
    }
    store<f32>(y + (o << 2), sum)
  }
}
