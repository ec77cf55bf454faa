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
  const isInside = x0 >= 0 && x0 + (kW - 1) * dW + extent < inW
  for (let left = kc; left > 0; ) {
    // one row of the kernel, or what belongs to this block of it
    const count = min(kW - kx, left)
    const iz = z0 + kz * dD
    const iy = y0 + ky * dH
    const ix = x0 + kx * dW
    const line = x + ((((channel * inD + iz) * inH + iy) * inW) << 2)
    const isRow = <u32>iz < <u32>inD && <u32>iy < <u32>inH
    if (isRow && isInside && sW == 1 && run == NR) packWhole(line + (ix << 2), to, count)
    else {
      for (let i = 0; i < count; i++) {
        const at = isRow ? ix + i * dW : inW
        const target = to + <usize>i * (NR << 2)
        if (at >= 0 && at + extent < inW && sW <= 2) takeInside(line + (at << 2), target, run)
        else takeMasked(line, at, target, run)
      }
    }
    to += <usize>count * (NR << 2)
    left -= count
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

/** 16 neighbours, `count` times, each time one dilation further. */
function packWhole(from: usize, to: usize, count: i32): void {
  const step = <usize>dW << 2
  for (; count > 0; count--) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    v128.store(to, v128.load(from, 32), 32)
    v128.store(to, v128.load(from, 48), 48)
    from += step
    to += NR << 2
  }
}

/** `run` numbers that all lie inside of the line. */
function takeInside(from: usize, to: usize, run: i32): void {
  const step = <usize>sW << 4
  for (; run >= 4; run -= 4) {
    v128.store(to, take(from))
    from += step
    to += 16
  }
  if (run > 0) storeLanes(to, take(from), run)
}

/** Numbers ix, ix + stride, … of a line of `inW`; zeros for those that lie outside of it. */
function takeMasked(line: usize, ix: i32, to: usize, run: i32): void {
  if (sW > 2) {
    for (; run > 0; run--) {
      store<f32>(to, <u32>ix < <u32>inW ? load<f32>(line + (ix << 2)) : 0)
      ix += sW
      to += 4
    }
    return
  }
  const size = i32x4.splat(inW)
  const steps = i32x4.mul(i32x4.splat(sW), i32x4(0, 1, 2, 3))
  for (; run > 0; run -= 4) {
    let v = f32x4.splat(0)
    if (ix < inW && ix + 3 * sW >= 0) {
      // an index below zero is a large one without sign; what is read beside the line is dropped
      const isThere = i32x4.lt_u(i32x4.add(i32x4.splat(ix), steps), size)
      v = v128.and(isThere, take(line + (ix << 2)))
    }
    storeLanes(to, v, run)
    ix += 4 * sW
    to += 16
  }
}

/** Four floats, the stride apart: 1 or 2. */
// @ts-ignore: decorator
@inline
export function take(from: usize): v128 {
  return takeBy(sW, from)
}

// @ts-ignore: decorator
@inline
export function takeBy(stride: i32, from: usize): v128 {
  if (stride == 1) return v128.load(from)
  return i8x16.shuffle(v128.load(from), v128.load(from, 16), 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
}
