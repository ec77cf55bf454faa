// Family `convTranspose`: products of the weights with blocks of the image, scattered into the output while they are in
// the cache. One image and one group per command; weight [inC, outC · kernel].
//
// args = [x, weight, bias (0: none), y, inC, outC, 0, 0, activation, activationA, activationB, windows…]
import { activate } from './activation'
import { addressAt, float, word } from './simd'
import { firstRows, GROUP, KC, MR, multiply, NC, NR, packA, packB, packedRows, panelMemory, splatRows } from './tiles'
import { dD, dH, dW, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

export function convTranspose(args: usize): i32 {
  readWindows(args, 11)
  const x = addressAt(args, 0)
  const weight = addressAt(args, 1)
  const bias = addressAt(args, 2)
  const y = addressAt(args, 3)
  const inC = word(args, 4)
  const outC = word(args, 5)
  const pixels = inD * inH * inW
  const outPixels = outD * outH * outW
  const rows = outC * kD * kH * kW
  const products = panelMemory()
  const panels = products + ((GROUP * NC) << 2)
  for (let c = 0; c < outC; c++) {
    const first: f32 = bias == 0 ? 0 : load<f32>(bias + (c << 2))
    for (let p = 0; p < outPixels; p++) store<f32>(y + ((c * outPixels + p) << 2), first)
  }
  splatRows(0, 0, 1)
  for (let p0 = 0; p0 < pixels; p0 += NC) {
    const pc = min(NC, pixels - p0)
    for (let k0 = 0; k0 < inC; k0 += KC) {
      packB(x + ((k0 * pixels + p0) << 2), pixels, 1, min(KC, inC - k0), pc, 1, panels + ((k0 * NC) << 2))
    }
    for (let row = 0; row < rows; row += GROUP) {
      const count = min(GROUP, rows - row)
      for (let k0 = 0; k0 < inC; k0 += KC) {
        const kc = min(KC, inC - k0)
        packA(weight + ((k0 * rows + row) << 2), 1, rows, count, kc)
        for (let r = 0; r < count; r += MR) {
          const to = products + ((r * NC) << 2)
          multiply(
            packedRows() + (r << 2), 4, GROUP << 2, min(MR, count - r), kc, panels + ((k0 * NC) << 2), NR << 2, <usize>kc * (NR << 2),
            k0 == 0 ? firstRows() : to, k0 == 0 ? 0 : NC << 2, k0 == 0 ? 0 : NR << 2, to, NC << 2, pc,
          )
        }
      }
      for (let i = 0; i < count; i++) scatter(products + ((i * NC) << 2), row + i, p0, pc, y, outPixels)
    }
  }
  activate(y, outC * outPixels, word(args, 8), float(args, 9), float(args, 10))
  return 0
}

/** Adds one weight's products with `count` pixels to where they belong. */
function scatter(from: usize, row: i32, p0: i32, count: i32, y: usize, outPixels: i32): void {
  const volume = kD * kH * kW
  const channel = row / volume
  let rest = row - channel * volume
  const kz = rest / (kH * kW)
  rest -= kz * kH * kW
  const ky = rest / kW
  const kx = rest - ky * kW
  const base = y + ((channel * outPixels) << 2)
  let line = p0 / inW
  let ix = p0 - line * inW
  let done = 0
  while (done < count) {
    const run = min(inW - ix, count - done)
    const plane = line / inH
    const oz = plane * sD - pD + kz * dD
    const oy = (line - plane * inH) * sH - pH + ky * dH
    if (<u32>oz < <u32>outD && <u32>oy < <u32>outH) {
      const to = base + (((oz * outH + oy) * outW) << 2)
      let ox = ix * sW - pW + kx * dW
      for (let i = 0; i < run; i++, ox += sW) {
        if (<u32>ox < <u32>outW) {
          store<f32>(to + (ox << 2), load<f32>(to + (ox << 2)) + load<f32>(from + ((done + i) << 2)))
        }
      }
    }
    done += run
    ix = 0
    line++
  }
}
