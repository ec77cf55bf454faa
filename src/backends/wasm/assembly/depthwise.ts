// Family `depthwise`: convolutions in which an output channel stands alone, because it reads an input channel of its own or
// because there are few of them: no product of matrices. Windows are added up where they lie. Height and width only.
//
// args = [x, weight, bias (0: none), y, channels, multiplier, inC, fromRow, toRow, activation, activationA, activationB,
// windows…]; output channel c reads the inC input channels from (c / multiplier) · inC on.
import { activate } from './activation'
import { take, takeBy } from './conv'
import { addressAt, float, fma, word } from './simd'
import { dH, dW, firstBeyond, firstInside, inH, inW, kH, kW, outH, outW, pH, pW, readWindows, sH, sW } from './windows'

let inC: i32 = 0

export function depthwise(args: usize): i32 {
  readWindows(args, 12)
  inC = word(args, 6)
  const bias = addressAt(args, 2)
  const multiplier = word(args, 5)
  for (let c = 0; c < word(args, 4); c++) {
    const x = addressAt(args, 0) + (((c / multiplier) * inC * inH * inW) << 2)
    const weight = addressAt(args, 1) + ((c * inC * kH * kW) << 2)
    const first: f32 = bias == 0 ? 0 : load<f32>(bias + (c << 2))
    for (let oy = word(args, 7); oy < word(args, 8); oy++) {
      const y = addressAt(args, 3) + (((c * outH + oy) * outW) << 2)
      const top = oy * sH - pH
      // rows [low, high) of the kernel lie over the image
      const low = min(kH, firstInside(top, dH, 0))
      const high = min(kH, firstBeyond(top, dH, 0, inH))
      line(x + (((top + low * dH) * inW) << 2), weight + ((low * kW) << 2), high - low, first, y)
      activate(y, outW, word(args, 9), float(args, 10), float(args, 11))
    }
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
    const step = high - low >= 16 ? 16 : 4
    // what is left at the end begins before it, and is computed twice
    for (let o = low; o < high; o += step) {
      const at = min(o, high - step)
      if (step == 4) four(x0 + ((at * sW) << 2), weight, rows, first, y + (at << 2))
      else if (sW == 1) sixteen(x0 + (at << 2), weight, rows, first, y + (at << 2))
      else sixteenEven(x0 + (at << 3), weight, rows, first, y + (at << 2))
    }
    done = high
  }
  edge(x, weight, rows, first, y, done, outW)
}

function sixteen(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  sums(1, x, weight, rows, first, y)
}

function sixteenEven(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  sums(2, x, weight, rows, first, y)
}

/** Made twice, so that no loop asks for the stride. */
// @ts-ignore: decorator
@inline
function sums(stride: i32, x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  let s0 = f32x4.splat(first)
  let s1 = s0
  let s2 = s0
  let s3 = s0
  const quarter: usize = <usize>stride << 4
  const step: usize = <usize>dW << 2
  for (let c = inC; c > 0; c--) {
    let row = x
    let w = weight
    for (let ky = rows; ky > 0; ky--) {
      let from = row
      for (let kx = kW; kx > 0; kx--) {
        const v = v128.load32_splat(w)
        s0 = fma(v, takeBy(stride, from), s0)
        s1 = fma(v, takeBy(stride, from + quarter), s1)
        s2 = fma(v, takeBy(stride, from + 2 * quarter), s2)
        s3 = fma(v, takeBy(stride, from + 3 * quarter), s3)
        from += step
        w += 4
      }
      row += (dH * inW) << 2
    }
    x += (inH * inW) << 2
    weight += (kH * kW) << 2
  }
  v128.store(y, s0)
  v128.store(y, s1, 16)
  v128.store(y, s2, 32)
  v128.store(y, s3, 48)
}

function four(x: usize, weight: usize, rows: i32, first: f32, y: usize): void {
  let sum = f32x4.splat(first)
  for (let c = inC; c > 0; c--) {
    let row = x
    let w = weight
    for (let ky = rows; ky > 0; ky--) {
      let from = row
      for (let kx = kW; kx > 0; kx--) {
        sum = fma(v128.load32_splat(w), take(from), sum)
        from += dW << 2
        w += 4
      }
      row += (dH * inW) << 2
    }
    x += (inH * inW) << 2
    weight += (kH * kW) << 2
  }
  v128.store(y, sum)
}

/** Outputs [from, to), one by one: of each the part of the kernel that lies over the image. */
function edge(x: usize, weight: usize, rows: i32, first: f32, y: usize, from: i32, to: i32): void {
  for (let o = from; o < to; o++) {
    let sum = first
    for (let c = 0; c < inC; c++) {
      let row = x + ((c * inH * inW) << 2)
      let w = weight + ((c * kH * kW) << 2)
      for (let ky = 0; ky < rows; ky++) {
        let ix = o * sW - pW
        for (let kx = 0; kx < kW; kx++, ix += dW, w += 4) {
          if (<u32>ix < <u32>inW) sum += load<f32>(w) * load<f32>(row + (ix << 2))
        }
        row += (dH * inW) << 2
      }
    }
    store<f32>(y + (o << 2), sum)
  }
}
