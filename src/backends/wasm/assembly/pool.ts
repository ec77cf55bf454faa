// Family `pool`: maximum and average over windows.
//
// args = [x, y, planes, isAverage, countsPadding, padEndD, padEndH, padEndW, windows…]
import { take } from './conv'
import { addressAt, word } from './simd'
import { firstBeyond, firstInside, dD, dH, dW, inD, inH, inW, kD, kH, kW, outD, outH, outW, pD, pH, pW, readWindows, sD, sH, sW } from './windows'

export function pool(args: usize): i32 {
  readWindows(args, 8)
  let x = addressAt(args, 0)
  let y = addressAt(args, 1)
  const planes = word(args, 2)
  const isAverage = word(args, 3) != 0
  const countsPadding = word(args, 4) != 0
  // outputs [low, high) of a line see the whole width of the window; four are computed at once where `take` can
  const low = min(outW, firstInside(0, sW, pW))
  const high = sW <= 2 ? min(outW, firstBeyond((kW - 1) * dW, sW, pW, inW)) : 0
  if (!isAverage && areHalves()) {
    halves(x, y, planes)
    return 0
  }
  for (let plane = 0; plane < planes; plane++) {
    for (let oz = 0; oz < outD; oz++) {
      for (let oy = 0; oy < outH; oy++) {
        const z = oz * sD - pD
        const v = oy * sH - pH
        for (let ox = 0; ox < outW; ) {
          const u = ox * sW - pW
          const hasFour = ox >= low && ox + 4 <= high
          if (isAverage) {
            const whole = countsPadding
              ? inside(z, kD, dD, inD + word(args, 5)) * inside(v, kH, dH, inH + word(args, 6)) * inside(u, kW, dW, inW + word(args, 7))
              : 0
            if (hasFour) v128.store(y, average4(x, z, v, u, whole))
            else store<f32>(y, average(x, z, v, u, whole))
          } else if (hasFour) v128.store(y, largest4(x, z, v, u))
          else store<f32>(y, largest(x, z, v, u))
          const count = hasFour ? 4 : 1
          ox += count
          y += count << 2
        }
      }
    }
    x += (inD * inH * inW) << 2
  }
  return 0
}

/** Whether windows are 2 × 2 beside each other, all inside. */
function areHalves(): bool {
  const isFlat = inD == 1 && kD == 1 && (pD | pH | pW) == 0
  return isFlat && kH == 2 && kW == 2 && sH == 2 && sW == 2 && dH == 1 && dW == 1 && 2 * outH <= inH && 2 * outW <= inW
}

/** The largest of 2 × 2, four windows at a time. */
function halves(x: usize, y: usize, planes: i32): void {
  const pitch = <usize>inW << 2
  for (; planes > 0; planes--) {
    let row = x
    for (let oy = 0; oy < outH; oy++) {
      let from = row
      let left = outW
      for (; left >= 4; left -= 4) {
        const low = f32x4.max(v128.load(from), v128.load(from + pitch))
        const high = f32x4.max(v128.load(from, 16), v128.load(from + pitch, 16))
        v128.store(y, f32x4.max(i32x4.shuffle(low, high, 0, 2, 4, 6), i32x4.shuffle(low, high, 1, 3, 5, 7)))
        from += 32
        y += 16
      }
      for (; left > 0; left--) {
        store<f32>(y, max(max(load<f32>(from), load<f32>(from, 4)), max(load<f32>(from + pitch), load<f32>(from + pitch, 4))))
        from += 8
        y += 4
      }
      row += 2 * pitch
    }
    x += <usize>(inH * inW) << 2
  }
}

/** How many places of a window from `start` on lie before `end`; padding at the beginning counts. */
function inside(start: i32, kernel: i32, dilation: i32, end: i32): i32 {
  return start >= end ? 0 : min(kernel, (end - start + dilation - 1) / dilation)
}

function largest(x: usize, z: i32, v: i32, u: i32): f32 {
  let found: f32 = -Infinity
  for (let kz = 0, iz = z; kz < kD; kz++, iz += dD) {
    if (<u32>iz >= <u32>inD) continue
    for (let ky = 0, iy = v; ky < kH; ky++, iy += dH) {
      if (<u32>iy >= <u32>inH) continue
      const line = x + (((iz * inH + iy) * inW) << 2)
      for (let kx = 0, ix = u; kx < kW; kx++, ix += dW) {
        // keeps NaN, as max does
        if (<u32>ix < <u32>inW) found = max(found, load<f32>(line + (ix << 2)))
      }
    }
  }
  return found
}

function average(x: usize, z: i32, v: i32, u: i32, whole: i32): f32 {
  let sum: f32 = 0
  let count = 0
  for (let kz = 0, iz = z; kz < kD; kz++, iz += dD) {
    if (<u32>iz >= <u32>inD) continue
    for (let ky = 0, iy = v; ky < kH; ky++, iy += dH) {
      if (<u32>iy >= <u32>inH) continue
      const line = x + (((iz * inH + iy) * inW) << 2)
      for (let kx = 0, ix = u; kx < kW; kx++, ix += dW) {
        if (<u32>ix >= <u32>inW) continue
        sum += load<f32>(line + (ix << 2))
        count++
      }
    }
  }
  return sum / <f32>(whole > 0 ? whole : count)
}

/** Four neighbours whose windows lie inside of the line. */
function largest4(x: usize, z: i32, v: i32, u: i32): v128 {
  let found = f32x4.splat(-Infinity)
  for (let kz = 0, iz = z; kz < kD; kz++, iz += dD) {
    if (<u32>iz >= <u32>inD) continue
    for (let ky = 0, iy = v; ky < kH; ky++, iy += dH) {
      if (<u32>iy >= <u32>inH) continue
      let from = x + (((iz * inH + iy) * inW + u) << 2)
      for (let kx = 0; kx < kW; kx++) {
        found = f32x4.max(found, take(from))
        from += dW << 2
      }
    }
  }
  return found
}

function average4(x: usize, z: i32, v: i32, u: i32, whole: i32): v128 {
  let sum = f32x4.splat(0)
  let count = 0
  for (let kz = 0, iz = z; kz < kD; kz++, iz += dD) {
    if (<u32>iz >= <u32>inD) continue
    for (let ky = 0, iy = v; ky < kH; ky++, iy += dH) {
      if (<u32>iy >= <u32>inH) continue
      let from = x + (((iz * inH + iy) * inW + u) << 2)
      for (let kx = 0; kx < kW; kx++) {
        sum = f32x4.add(sum, take(from))
        from += dW << 2
      }
      count += kW
    }
  }
  return f32x4.div(sum, f32x4.splat(<f32>(whole > 0 ? whole : count)))
}
