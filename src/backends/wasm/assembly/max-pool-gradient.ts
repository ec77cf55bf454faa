// Family `max-pool-gradient`: every gradient goes to the largest element of its window, the first of equals.
//
// args = [x, dy, dx, planes, windows…]
import { addressAt, word } from './simd'
import { dD, dH, dW, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

export function maxPoolGradient(args: usize): i32 {
  readWindows(args, 4)
  let x = addressAt(args, 0)
  let dy = addressAt(args, 1)
  let dx = addressAt(args, 2)
  const bytes = <usize>(inD * inH * inW) << 2
  const isHalving = kH == 2 && kW == 2 && sH == 2 && sW == 2 && dH == 1 && dW == 1 && (pH | pW | pD) == 0 && kD == 1 && inD == 1
  const isInside = 2 * outH <= inH && 2 * outW <= inW
  for (let plane = word(args, 3); plane > 0; plane--) {
    memory.fill(dx, 0, bytes)
    if (isHalving && isInside) halves(x, dy, dx)
    else windows(x, dy, dx)
    x += bytes
    dx += bytes
    dy += (outD * outH * outW) << 2
  }
  return 0
}

/** Windows of 2 × 2 beside each other, four at a time. */
function halves(x: usize, dy: usize, dx: usize): void {
  const pitch = <usize>inW << 2
  for (let oy = 0; oy < outH; oy++) {
    let from = x + 2 * <usize>oy * pitch
    let to = dx + 2 * <usize>oy * pitch
    let left = outW
    for (; left >= 4; left -= 4) {
      four(from, to, pitch, v128.load(dy))
      from += 32
      to += 32
      dy += 16
    }
    for (; left > 0; left--) {
      one(from, to, pitch, load<f32>(dy))
      from += 8
      to += 8
      dy += 4
    }
  }
}

// @ts-ignore: decorator
@inline
function four(from: usize, to: usize, pitch: usize, slope: v128): void {
  const p = v128.load(from)
  const q = v128.load(from, 16)
  const r = v128.load(from + pitch)
  const s = v128.load(from + pitch, 16)
  const a = i32x4.shuffle(p, q, 0, 2, 4, 6)
  const b = i32x4.shuffle(p, q, 1, 3, 5, 7)
  const c = i32x4.shuffle(r, s, 0, 2, 4, 6)
  const d = i32x4.shuffle(r, s, 1, 3, 5, 7)
  // a mask says that what comes later is larger, so that the first of equals wins
  const right = f32x4.gt(b, a)
  const top = v128.bitselect(b, a, right)
  const isBelow = f32x4.gt(c, top)
  const three = v128.bitselect(c, top, isBelow)
  const isLast = f32x4.gt(d, three)
  const toC = v128.andnot(isBelow, isLast)
  const toTop = v128.not(v128.or(isBelow, isLast))
  const forA = v128.and(slope, v128.andnot(toTop, right))
  const forB = v128.and(slope, v128.and(toTop, right))
  const forC = v128.and(slope, toC)
  const forD = v128.and(slope, isLast)
  v128.store(to, i32x4.shuffle(forA, forB, 0, 4, 1, 5))
  v128.store(to, i32x4.shuffle(forA, forB, 2, 6, 3, 7), 16)
  v128.store(to + pitch, i32x4.shuffle(forC, forD, 0, 4, 1, 5))
  v128.store(to + pitch, i32x4.shuffle(forC, forD, 2, 6, 3, 7), 16)
}

function one(from: usize, to: usize, pitch: usize, slope: f32): void {
  let best = load<f32>(from)
  let at: usize = 0
  for (let i: usize = 1; i < 4; i++) {
    const place = (i >> 1) * pitch + ((i & 1) << 2)
    const value = load<f32>(from + place)
    if (value > best) {
      best = value
      at = place
    }
  }
  store<f32>(to + at, slope)
}

/** Any windows; they may overlap. */
function windows(x: usize, dy: usize, dx: usize): void {
  for (let oz = 0; oz < outD; oz++) {
    for (let oy = 0; oy < outH; oy++) {
      for (let ox = 0; ox < outW; ox++) {
        const at = <usize>placeOfLargest(x, oz * sD - pD, oy * sH - pH, ox * sW - pW) << 2
        store<f32>(dx + at, load<f32>(dx + at) + load<f32>(dy))
        dy += 4
      }
    }
  }
}

function placeOfLargest(x: usize, z: i32, v: i32, u: i32): i32 {
  let best: f32 = 0
  let at = -1
  for (let kz = 0, iz = z; kz < kD; kz++, iz += dD) {
    if (<u32>iz >= <u32>inD) continue
    for (let ky = 0, iy = v; ky < kH; ky++, iy += dH) {
      if (<u32>iy >= <u32>inH) continue
      const line = (iz * inH + iy) * inW
      for (let kx = 0, ix = u; kx < kW; kx++, ix += dW) {
        if (<u32>ix >= <u32>inW) continue
        const value = load<f32>(x + ((line + ix) << 2))
        if (at < 0 || value > best) {
          best = value
          at = line + ix
        }
      }
    }
  }
  return max(0, at)
}
