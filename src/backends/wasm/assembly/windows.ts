// Geometry of three spatial axes, as convolutions and poolings read it: 18 words
// [input, output, kernel, stride, dilation, padBegin] of depth, then of height, then of width.
import { word } from './simd'

export let inD: i32 = 0
export let outD: i32 = 0
export let kD: i32 = 0
export let sD: i32 = 0
export let dD: i32 = 0
export let pD: i32 = 0
export let inH: i32 = 0
export let outH: i32 = 0
export let kH: i32 = 0
export let sH: i32 = 0
export let dH: i32 = 0
export let pH: i32 = 0
export let inW: i32 = 0
export let outW: i32 = 0
export let kW: i32 = 0
export let sW: i32 = 0
export let dW: i32 = 0
export let pW: i32 = 0

export function readWindows(args: usize, from: usize): void {
  inD = word(args, from)
  outD = word(args, from + 1)
  kD = word(args, from + 2)
  sD = word(args, from + 3)
  dD = word(args, from + 4)
  pD = word(args, from + 5)
  inH = word(args, from + 6)
  outH = word(args, from + 7)
  kH = word(args, from + 8)
  sH = word(args, from + 9)
  dH = word(args, from + 10)
  pH = word(args, from + 11)
  inW = word(args, from + 12)
  outW = word(args, from + 13)
  kW = word(args, from + 14)
  sW = word(args, from + 15)
  dW = word(args, from + 16)
  pW = word(args, from + 17)
}

/** First index i ≥ 0 with i · stride − pad + offset ≥ 0. */
// @ts-ignore: decorator
@inline
export function firstInside(offset: i32, stride: i32, pad: i32): i32 {
  const lack = pad - offset
  return lack <= 0 ? 0 : (lack + stride - 1) / stride
}

/** First index i with i · stride − pad + offset ≥ size. */
// @ts-ignore: decorator
@inline
export function firstBeyond(offset: i32, stride: i32, pad: i32, size: i32): i32 {
  const room = size + pad - offset
  return room <= 0 ? 0 : (room + stride - 1) / stride
}
