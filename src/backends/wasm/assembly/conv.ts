// Family `conv`: a convolution as a product of the weights [outC, inC · kernel] with patches of the image, which are
// packed straight into the product's panels: no image of patches ever exists. One image and one group per command.
//
// args = [x, weight, bias (0: none), y, inC, outC, fromPixel, toPixel, activation, activationA, activationB, windows…]
import { activate } from './activation'
import { block, KC, MR, NC, NR, ROWS_BYTES, TILE_BYTES } from './gemm'
import { addressAt, float, fma, scratch, storeLanes, word } from './simd'
import { dD, dH, dW, firstBeyond, firstInside, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

const WINDOWS: usize = 11

export function conv(args: usize): i32 {
  readWindows(args, WINDOWS)
  const x = addressAt(args, 0)
  const weight = addressAt(args, 1)
  const bias = addressAt(args, 2)
  const y = addressAt(args, 3)
  const inC = word(args, 4)
  const outC = word(args, 5)
  const to = word(args, 7)
  const k = inC * kD * kH * kW
  const pixels = outD * outH * outW
  const panels = scratch + TILE_BYTES + ROWS_BYTES
  for (let p0 = word(args, 6); p0 < to; p0 += NC) {
    const pc = min(NC, to - p0)
    for (let c = 0; c < outC; c++) {
      const v = bias == 0 ? f32x4.splat(0) : v128.load32_splat(bias + (c << 2))
      fillRow(y + ((c * pixels + p0) << 2), pc, v)
    }
    for (let k0 = 0; k0 < k; k0 += KC) {
      const kc = min(KC, k - k0)
      packPatches(x, k0, kc, p0, pc, panels)
      for (let c = 0; c < outC; c += MR) {
        block(weight + ((c * k + k0) << 2), k, 1, min(MR, outC - c), kc, panels, pc, y + ((c * pixels + p0) << 2), pixels)
      }
    }
    const activation = word(args, 8)
    if (activation != 0) {
      for (let c = 0; c < outC; c++) {
        activate(y + ((c * pixels + p0) << 2), pc, activation, float(args, 9), float(args, 10))
      }
    }
  }
  return 0
}

function fillRow(at: usize, count: i32, v: v128): void {
  let i = 0
  for (; i + 4 <= count; i += 4) v128.store(at + (i << 2), v)
  if (i < count) storeLanes(at + (i << 2), v, count - i)
}

/** Panels [pc / 8][kc][8]: row k of a panel is one weight's view of 8 neighbouring outputs. */
function packPatches(x: usize, k0: i32, kc: i32, p0: i32, pc: i32, panels: usize): void {
  for (let j = 0; j < pc; j += NR) {
    const count = min(NR, pc - j)
    const first = p0 + j
    const row = first / outW
    const ox = first - row * outW
    if (sW != 1) packAny(x, k0, kc, first, count, panels)
    else if (count == NR && ox + NR <= outW) {
      const plane = row / outH
      packRun(x, k0, kc, plane * sD - pD, (row - plane * outH) * sH - pH, ox - pW, panels)
    } else packRows(x, k0, kc, first, count, panels)
    panels += <usize>(kc * NR) << 2
  }
}

/** 8 outputs of one row, one input apart: mostly two vector loads. */
function packRun(x: usize, k0: i32, kc: i32, z0: i32, y0: i32, x0: i32, to: usize): void {
  const volume = kD * kH * kW
  let channel = k0 / volume
  let rest = k0 - channel * volume
  let kz = rest / (kH * kW)
  rest -= kz * kH * kW
  let ky = rest / kW
  let kx = rest - ky * kW
  const zero = f32x4.splat(0)
  for (let k = 0; k < kc; k++) {
    const iz = z0 + kz * dD
    const iy = y0 + ky * dH
    const ix = x0 + kx * dW
    if (<u32>iz >= <u32>inD || <u32>iy >= <u32>inH || ix + NR <= 0 || ix >= inW) {
      v128.store(to, zero)
      v128.store(to, zero, 16)
    } else {
      const line = x + ((((channel * inD + iz) * inH + iy) * inW) << 2)
      if (ix >= 0 && ix + NR <= inW) {
        v128.store(to, v128.load(line + (ix << 2)))
        v128.store(to, v128.load(line + (ix << 2), 16), 16)
      } else {
        for (let q = 0; q < NR; q++) {
          store<f32>(to + (q << 2), <u32>(ix + q) < <u32>inW ? load<f32>(line + ((ix + q) << 2)) : 0)
        }
      }
    }
    to += 32
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

/** Outputs of neighbouring rows, one input apart: each row's part as a run of its own. */
function packRows(x: usize, k0: i32, kc: i32, first: i32, count: i32, to: usize): void {
  if (count < NR) memory.fill(to, 0, <usize>(kc * NR) << 2)
  let done = 0
  while (done < count) {
    const row = (first + done) / outW
    const ox = first + done - row * outW
    const run = min(outW - ox, count - done)
    const plane = row / outH
    packPart(x, k0, kc, plane * sD - pD, (row - plane * outH) * sH - pH, ox - pW, to + (done << 2), run)
    done += run
  }
}

/** Like `packRun` for `run` outputs, 1 to 8; the other lanes stay as they are. */
function packPart(x: usize, k0: i32, kc: i32, z0: i32, y0: i32, x0: i32, to: usize, run: i32): void {
  const volume = kD * kH * kW
  let channel = k0 / volume
  let rest = k0 - channel * volume
  let kz = rest / (kH * kW)
  rest -= kz * kH * kW
  let ky = rest / kW
  let kx = rest - ky * kW
  for (let k = 0; k < kc; k++) {
    const iz = z0 + kz * dD
    const iy = y0 + ky * dH
    const ix = x0 + kx * dW
    const isRow = <u32>iz < <u32>inD && <u32>iy < <u32>inH
    const line = x + ((((channel * inD + iz) * inH + iy) * inW) << 2)
    if (isRow && ix >= 0 && ix + run <= inW) {
      const from = line + (ix << 2)
      storeLanes(to, v128.load(from), run)
      if (run > 4) storeLanes(to + 16, v128.load(from, 16), run - 4)
    } else {
      for (let q = 0; q < run; q++) {
        store<f32>(to + (q << 2), isRow && <u32>(ix + q) < <u32>inW ? load<f32>(line + ((ix + q) << 2)) : 0)
      }
    }
    to += 32
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

/** Any 8 outputs, one after the other. */
function packAny(x: usize, k0: i32, kc: i32, first: i32, count: i32, to: usize): void {
  const volume = kD * kH * kW
  for (let q = 0; q < NR; q++) {
    let at = to + (q << 2)
    if (q >= count) {
      for (let k = 0; k < kc; k++, at += 32) store<f32>(at, 0)
      continue
    }
    const row = (first + q) / outW
    const plane = row / outH
    const z0 = plane * sD - pD
    const y0 = (row - plane * outH) * sH - pH
    const x0 = (first + q - row * outW) * sW - pW
    let channel = k0 / volume
    let rest = k0 - channel * volume
    let kz = rest / (kH * kW)
    rest -= kz * kH * kW
    let ky = rest / kW
    let kx = rest - ky * kW
    for (let k = 0; k < kc; k++, at += 32) {
      const iz = z0 + kz * dD
      const iy = y0 + ky * dH
      const ix = x0 + kx * dW
      const isInside = <u32>iz < <u32>inD && <u32>iy < <u32>inH && <u32>ix < <u32>inW
      store<f32>(at, isInside ? load<f32>(x + ((((channel * inD + iz) * inH + iy) * inW + ix) << 2)) : 0)
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
}

/**
 * Every output channel reads one input channel: rows are added up where they lie. Height and width only.
 *
 * args = [x, weight, bias (0: none), y, channels, multiplier, 0, 0, activation, activationA, activationB, windows…]
 */
export function depthwise(args: usize): i32 {
  readWindows(args, WINDOWS)
  const bias = addressAt(args, 2)
  const channels = word(args, 4)
  const multiplier = word(args, 5)
  let weight = addressAt(args, 1)
  let y = addressAt(args, 3)
  for (let c = 0; c < channels; c++) {
    const x = addressAt(args, 0) + (((c / multiplier) * inH * inW) << 2)
    const v = bias == 0 ? f32x4.splat(0) : v128.load32_splat(bias + (c << 2))
    fillRow(y, outH * outW, v)
    for (let oy = 0; oy < outH; oy++) {
      for (let ky = 0; ky < kH; ky++) {
        const iy = oy * sH - pH + ky * dH
        if (<u32>iy >= <u32>inH) continue
        addLine(x + ((iy * inW) << 2), weight + ((ky * kW) << 2), y + ((oy * outW) << 2))
      }
    }
    activate(y, outH * outW, word(args, 8), float(args, 9), float(args, 10))
    weight += (kH * kW) << 2
    y += (outH * outW) << 2
  }
  return 0
}

/** One row of the kernel over one row of the image, added to one row of the output. */
function addLine(x: usize, weight: usize, y: usize): void {
  // outputs [low, high) see the whole kernel row
  const low = min(outW, firstInside(0, sW, pW))
  const high = max(low, min(outW, firstBeyond((kW - 1) * dW, sW, pW, inW)))
  addEdge(x, weight, y, 0, low)
  let o = low
  if (sW == 1) {
    for (; o + 4 <= high; o += 4) {
      let sum = v128.load(y + (o << 2))
      let from = x + ((o - pW) << 2)
      for (let kx = 0; kx < kW; kx++) {
        sum = fma(v128.load32_splat(weight + (kx << 2)), v128.load(from), sum)
        from += dW << 2
      }
      v128.store(y + (o << 2), sum)
    }
  } else if (sW == 2) {
    for (; o + 4 <= high; o += 4) {
      let sum = v128.load(y + (o << 2))
      let from = x + ((o * 2 - pW) << 2)
      for (let kx = 0; kx < kW; kx++) {
        const even = i8x16.shuffle(v128.load(from), v128.load(from, 16), 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27)
        sum = fma(v128.load32_splat(weight + (kx << 2)), even, sum)
        from += dW << 2
      }
      v128.store(y + (o << 2), sum)
    }
  }
  addEdge(x, weight, y, o, outW)
}

function addEdge(x: usize, weight: usize, y: usize, from: i32, to: i32): void {
  for (let o = from; o < to; o++) {
    let sum = load<f32>(y + (o << 2))
    let ix = o * sW - pW
    for (let kx = 0; kx < kW; kx++, ix += dW) {
      if (<u32>ix < <u32>inW) sum += load<f32>(weight + (kx << 2)) * load<f32>(x + (ix << 2))
    }
    store<f32>(y + (o << 2), sum)
  }
}
