// Family `conv-weight`: the gradient of a convolution with respect to its weight, as a product: for each weight (c, k) of a
// group a row of the image as that tap sees it, times the gradients of 16 output channels at a time, turned over.
//
// Where windows reach over the edge the image is padded first; then a tap sees the image at a fixed distance. With stride 1
// several output rows are one sum: what lies between two of them meets zeros.
//
// args = [x, dy, dw, images, inC, outC (per group), groups, adds (to dw), windows…]
import { takeBy } from './conv'
import { addressAt, fma, scratch, word } from './simd'
import { KC, NR, packB, panelWidth, tile2x16 } from './tiles'
import { dD, dH, dW, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

/** Up to so many output channels of a group, 16 at a time would be mostly waste. Also in ../encode/conv.ts. */
const FEW_CHANNELS: i32 = 2

// Layout of the scratch memory; ../encode/conv.ts asks for it.
const PANEL_BYTES: usize = (KC + 3) * NR * 4

/** The image as taps see it: address, and elements from one row, plane and channel to the next. */
let image: usize = 0
let rowPitch: i32 = 0
let planePitch: i32 = 0
let channelPitch: i32 = 0

export function convWeight(args: usize): i32 {
  readWindows(args, 8)
  const inC = word(args, 4)
  const outC = word(args, 5)
  const groups = word(args, 6)
  const k = inC * kD * kH * kW
  const isNarrow = outC <= FEW_CHANNELS
  const columns = isNarrow ? outC : (outC + NR - 1) & ~(NR - 1)
  const sums = scratch + PANEL_BYTES
  const padded = sums + (<usize>(k * columns) << 2)
  const xGroup = <usize>(inC * inD * inH * inW) << 2
  const dyGroup = <usize>(outC * outD * outH * outW) << 2
  let dw = addressAt(args, 2)
  for (let group = 0; group < groups; group++) {
    memory.fill(sums, 0, <usize>(k * columns) << 2)
    for (let n = 0; n < word(args, 3); n++) {
      const place = <usize>(n * groups + group)
      placeImage(addressAt(args, 0) + place * xGroup, inC, padded)
      const dy = addressAt(args, 1) + place * dyGroup
      if (isNarrow) addDots(dy, inC, outC, sums)
      else addProducts(dy, inC, outC, sums, columns)
    }
    turn(sums, dw, k, outC, columns, word(args, 7) != 0)
    dw += <usize>(k * outC) << 2
  }
  return 0
}

/** Where it lies, if no window reaches over its edge; else a copy with zeros around it. */
function placeImage(x: usize, inC: i32, padded: usize): void {
  const depth = (outD - 1) * sD + (kD - 1) * dD + 1
  const height = (outH - 1) * sH + (kH - 1) * dH + 1
  const width = (outW - 1) * sW + (kW - 1) * dW + 1
  if ((pD | pH | pW) == 0 && depth <= inD && height <= inH && width <= inW) {
    image = x
    rowPitch = inW
    planePitch = inH * inW
    channelPitch = inD * planePitch
    return
  }
  image = padded
  rowPitch = width
  planePitch = height * width
  channelPitch = depth * planePitch
  memory.fill(padded, 0, <usize>(inC * channelPitch) << 2)
  const count = min(inW, width - pW)
  if (count <= 0) return
  for (let c = 0; c < inC; c++) {
    for (let z = 0; z < min(inD, depth - pD); z++) {
      for (let y = 0; y < min(inH, height - pH); y++) {
        const to = padded + ((c * channelPitch + (z + pD) * planePitch + (y + pH) * rowPitch + pW) << 2)
        copyLine(x + ((((c * inD + z) * inH + y) * inW) << 2), to, count)
      }
    }
  }
}

function copyLine(from: usize, to: usize, count: i32): void {
  for (; count >= 4; count -= 4) {
    v128.store(to, v128.load(from))
    from += 16
    to += 16
  }
  for (; count > 0; count--) {
    store<f32>(to, load<f32>(from))
    from += 4
    to += 4
  }
}

/** sums[(c, k)][o] += Σ_q dy[o][q] · image(c, q seen by k), `columns` of o. */
function addProducts(dy: usize, inC: i32, outC: i32, sums: usize, columns: i32): void {
  const isDense = sH == 1 && sW == 1
  const gap = rowPitch - outW
  const mostRows = isDense ? max(1, (KC + gap) / rowPitch) : 1
  for (let oz = 0; oz < outD; oz++) {
    for (let oy = 0; oy < outH; ) {
      const rows = outW > KC ? 1 : min(mostRows, outH - oy)
      for (let ox = 0; ox < outW; ox += KC) {
        const width = min(KC, outW - ox)
        const from = dy + (((oz * outH + oy) * outW + ox) << 2)
        const seen = image + ((oz * sD * planePitch + oy * sH * rowPitch + ox * sW) << 2)
        for (let o = 0; o < outC; o += NR) {
          const left = min(NR, outC - o)
          packRows(from + ((o * outD * outH * outW) << 2), left, rows, width, gap)
          addTaps(seen, inC, (rows - 1) * rowPitch + width, panelWidth(left), sums + (o << 2), <usize>columns << 2)
        }
      }
      oy += rows
    }
  }
}

/** Rows of gradients of up to 16 channels as a panel; zeros for what lies between two rows. */
function packRows(dy: usize, channels: i32, rows: i32, width: i32, gap: i32): void {
  let to = scratch
  for (let row = 0; row < rows; row++) {
    packB(dy, 1, outD * outH * outW, width, channels, 1, to)
    to += <usize>width << 6
    if (row + 1 < rows) {
      memory.fill(to, 0, <usize>gap << 6)
      to += <usize>gap << 6
    }
    dy += outW << 2
  }
}

/** Every tap, two at a time, times the panel. */
function addTaps(seen: usize, inC: i32, count: i32, width: i32, sums: usize, pitch: usize): void {
  const step = <usize>sW << 2
  let first: usize = 0
  let isOdd = false
  for (let c = 0; c < inC; c++) {
    for (let kz = 0; kz < kD; kz++) {
      for (let ky = 0; ky < kH; ky++) {
        let at = seen + ((c * channelPitch + kz * dD * planePitch + ky * dH * rowPitch) << 2)
        for (let kx = 0; kx < kW; kx++) {
          if (isOdd) {
            addPair(first, at - first, step, count, width, sums, pitch)
            sums += 2 * pitch
          } else first = at
          isOdd = !isOdd
          at += dW << 2
        }
      }
    }
  }
  if (isOdd) addPair(first, 0, step, count, width, sums, 0)
}

// @ts-ignore: decorator
@inline
function addPair(a: usize, second: usize, step: usize, count: i32, width: i32, sums: usize, pitch: usize): void {
  if (width == NR) tile2x16(a, second, step, count, scratch, NR << 2, sums, pitch, sums, pitch)
  else tile2x8(a, second, step, count, sums, pitch)
}

/** The same for the last 8 channels of a panel. */
function tile2x8(a: usize, second: usize, step: usize, count: i32, sums: usize, pitch: usize): void {
  let c00 = v128.load(sums)
  let c01 = v128.load(sums, 16)
  let c10 = v128.load(sums + pitch)
  let c11 = v128.load(sums + pitch, 16)
  let b = scratch
  for (; count > 0; count--) {
    const b0 = v128.load(b)
    const b1 = v128.load(b, 16)
    const x = v128.load32_splat(a)
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    const y = v128.load32_splat(a + second)
    c10 = fma(y, b0, c10)
    c11 = fma(y, b1, c11)
    a += step
    b += NR << 2
  }
  v128.store(sums, c00)
  v128.store(sums, c01, 16)
  v128.store(sums + pitch, c10)
  v128.store(sums + pitch, c11, 16)
}

/** sums[(c, k)][o] for one or two channels o: each a product of two images. */
function addDots(dy: usize, inC: i32, outC: i32, sums: usize): void {
  for (let c = 0; c < inC; c++) {
    for (let kz = 0; kz < kD; kz++) {
      for (let ky = 0; ky < kH; ky++) {
        for (let kx = 0; kx < kW; kx++) {
          const seen = image + ((c * channelPitch + kz * dD * planePitch + ky * dH * rowPitch + kx * dW) << 2)
          for (let o = 0; o < outC; o++) {
            store<f32>(sums, load<f32>(sums) + dotOf(seen, dy + ((o * outD * outH * outW) << 2)))
            sums += 4
          }
        }
      }
    }
  }
}

function dotOf(seen: usize, dy: usize): f32 {
  let sum = f32x4.splat(0)
  let rest: f32 = 0
  for (let oz = 0; oz < outD; oz++) {
    for (let oy = 0; oy < outH; oy++) {
      let at = seen + ((oz * sD * planePitch + oy * sH * rowPitch) << 2)
      let left = outW
      if (sW <= 2) {
        for (; left >= 4; left -= 4) {
          sum = fma(takeBy(sW, at), v128.load(dy), sum)
          at += sW << 4
          dy += 16
        }
      }
      for (; left > 0; left--) {
        rest += load<f32>(at) * load<f32>(dy)
        at += sW << 2
        dy += 4
      }
    }
  }
  return rest + f32x4.extract_lane(sum, 0) + f32x4.extract_lane(sum, 1) + (f32x4.extract_lane(sum, 2) + f32x4.extract_lane(sum, 3))
}

/** dw[o][(c, k)] = sums[(c, k)][o], or is added to. */
function turn(sums: usize, dw: usize, k: i32, outC: i32, columns: i32, adds: bool): void {
  for (let o = 0; o < outC; o++) {
    let from = sums + (o << 2)
    for (let i = 0; i < k; i++) {
      const sum = load<f32>(from)
      store<f32>(dw, adds ? load<f32>(dw) + sum : sum)
      from += columns << 2
      dw += 4
    }
  }
}
