// Family `conv`: a convolution as a product of the weights [outC, inC · kernel] with patches of the image, which are
// packed straight into the product's panels: no image of patches ever exists. One image and one group per command.
//
// args = [x, weight, bias (0: none), y, inC, outC, fromPixel, toPixel, activation, activationA, activationB, windows…]
import { activate } from './activation'
import { addressAt, float, word, storeLanes } from './simd'
import { firstRows, KC, MR, multiply, NC, NR, panelMemory, splatRows } from './tiles'
import { dD, dH, dW, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

const WINDOWS: usize = 11

export function conv(args: usize): i32 {
  readWindows(args, WINDOWS)
  const inC = word(args, 4)
  const to = word(args, 7)
  const k = inC * kD * kH * kW
  for (let p0 = word(args, 6); p0 < to; p0 += NC) {
    const pc = min(NC, to - p0)
    for (let k0 = 0; k0 < k; k0 += KC) {
      const kc = min(KC, k - k0)
      packPatches(addressAt(args, 0), k0, kc, p0, pc, panelMemory())
      channels(args, k, k0, kc, p0, pc, k0 + KC >= k)
    }
  }
  return 0
}

/** All output channels of `pc` pixels: the weights [k0, k0 + kc) of each times the packed patches. */
function channels(args: usize, k: i32, k0: i32, kc: i32, p0: i32, pc: i32, isLast: bool): void {
  const outC = word(args, 5)
  const bias = addressAt(args, 2)
  const activation = word(args, 8)
  const yRow: usize = <usize>(outD * outH * outW) << 2
  let weight = addressAt(args, 1) + (k0 << 2)
  let y = addressAt(args, 3) + (p0 << 2)
  for (let c = 0; c < outC; c += MR) {
    const rows = min(MR, outC - c)
    let first = y
    let firstRow = yRow
    let firstPanel: usize = NR << 2
    if (k0 == 0) {
      splatRows(bias == 0 ? 0 : bias + (c << 2), 4, rows)
      first = firstRows()
      firstRow = NR << 2
      firstPanel = 0
    }
    multiply(weight, <usize>k << 2, 4, rows, kc, panelMemory(), NR << 2, <usize>kc * (NR << 2), first, firstRow, firstPanel, y, yRow, pc)
    if (isLast && activation != 0) {
      for (let row = 0; row < rows; row++) activate(y + <usize>row * yRow, pc, activation, float(args, 9), float(args, 10))
    }
    weight += (MR * k) << 2
    y += <usize>MR * yRow
  }
}

/** Panels [pc / 16][kc][16]: row k of a panel is one weight's view of 16 neighbouring outputs. */
function packPatches(x: usize, k0: i32, kc: i32, p0: i32, pc: i32, panels: usize): void {
  for (let j = 0; j < pc; j += NR) {
    const count = min(NR, pc - j)
    if (count < NR) memory.fill(panels, 0, <usize>kc * (NR << 2))
    for (let done = 0; done < count; ) {
      const row = (p0 + j + done) / outW
      const ox = p0 + j + done - row * outW
      const run = min(outW - ox, count - done)
      const plane = row / outH
      packRun(x, k0, kc, plane * sD - pD, (row - plane * outH) * sH - pH, ox * sW - pW, panels + (done << 2), run)
      done += run
    }
    panels += <usize>kc * (NR << 2)
  }
}

/** `run` outputs of one row, whose windows begin at (z0, y0, x0), (z0, y0, x0 + stride), …; other lanes stay as they are. */
function packRun(x: usize, k0: i32, kc: i32, z0: i32, y0: i32, x0: i32, to: usize, run: i32): void {
  const volume = kD * kH * kW
  let channel = k0 / volume
  let rest = k0 - channel * volume
  let kz = rest / (kH * kW)
  rest -= kz * kH * kW
  let ky = rest / kW
  let kx = rest - ky * kW
  const extent = (run - 1) * sW
  for (let k = 0; k < kc; k++) {
    const iz = z0 + kz * dD
    const iy = y0 + ky * dH
    const ix = x0 + kx * dW
    if (<u32>iz >= <u32>inD || <u32>iy >= <u32>inH || ix + extent < 0 || ix >= inW) fillLanes(to, run)
    else {
      const line = x + ((((channel * inD + iz) * inH + iy) * inW) << 2)
      if (ix >= 0 && ix + extent < inW) takeInside(line + (ix << 2), to, run)
      else {
        for (let q = 0, at = ix; q < run; q++, at += sW) {
          store<f32>(to + (q << 2), <u32>at < <u32>inW ? load<f32>(line + (at << 2)) : 0)
        }
      }
    }
    to += NR << 2
    if (++kx == kW) {
      kx = 0
      if (++ky == kH) {
        ky = 0
        if (++kz == kD) {
          kz = 0
          channel++
        }
      }
    }
  }
}

function fillLanes(to: usize, count: i32): void {
  const zero = f32x4.splat(0)
  for (; count > 0; count -= 4) {
    storeLanes(to, zero, count)
    to += 16
  }
}

// @ts-ignore: decorator
@inline
function takeInside(from: usize, to: usize, run: i32): void {
  if (sW == 1) {
    if (run == NR) {
      v128.store(to, v128.load(from))
      v128.store(to, v128.load(from, 16), 16)
      v128.store(to, v128.load(from, 32), 32)
      v128.store(to, v128.load(from, 48), 48)
    } else {
      for (; run > 0; run -= 4) {
        storeLanes(to, v128.load(from), run)
        from += 16
        to += 16
      }
    }
  } else if (sW == 2) {
    for (; run > 0; run -= 4) {
      storeLanes(to, evens(from), run)
      from += 32
      to += 16
    }
  } else {
    for (; run > 0; run--) {
      store<f32>(to, load<f32>(from))
      from += sW << 2
      to += 4
    }
  }
}

/** The first, third, fifth and seventh float. */
// @ts-ignore: decorator
@inline
export function evens(from: usize): v128 {
  return i8x16.shuffle(v128.load(from), v128.load(from, 16), 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
}
