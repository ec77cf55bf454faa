// Family `random`: uniform floats in [0, 1) by Threefry2x32 with 20 rounds, four counters at a time; see core/threefry.ts.
// args = [key, target, count, stream, first counter]: elements 2c and 2c + 1 are the two words of counter c.
import { addressAt, storeLanes, word } from './simd'

// @ts-ignore: decorator
@inline
function turned(y: v128, turn: i32): v128 {
  return v128.or(i32x4.shl(y, turn), i32x4.shr_u(y, 32 - turn))
}

let x: v128 = i32x4.splat(0)
let y: v128 = i32x4.splat(0)

// @ts-ignore: decorator
@inline
function mix(a: i32, b: i32, c: i32, d: i32): void {
  x = i32x4.add(x, y)
  y = v128.xor(turned(y, a), x)
  x = i32x4.add(x, y)
  y = v128.xor(turned(y, b), x)
  x = i32x4.add(x, y)
  y = v128.xor(turned(y, c), x)
  x = i32x4.add(x, y)
  y = v128.xor(turned(y, d), x)
}

// @ts-ignore: decorator
@inline
function inject(a: i32, b: i32): void {
  x = i32x4.add(x, i32x4.splat(a))
  y = i32x4.add(y, i32x4.splat(b))
}

// @ts-ignore: decorator
@inline
function uniform(words: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(1.0 / 16777216.0))
}

export function random(args: usize): i32 {
  const key = addressAt(args, 0)
  let target = addressAt(args, 1)
  let left = word(args, 2)
  const stream = word(args, 3)
  let counters = i32x4.add(i32x4.splat(word(args, 4)), i32x4(0, 1, 2, 3))
  const a = load<i32>(key)
  const b = load<i32>(key, 4)
  const c = a ^ b ^ 0x1bd11bda
  for (; left > 0; left -= 8, target += 32, counters = i32x4.add(counters, i32x4.splat(4))) {
    x = i32x4.add(counters, i32x4.splat(a))
    y = i32x4.splat(stream + b)
    mix(13, 15, 26, 6)
    inject(b, c + 1)
    mix(17, 29, 16, 24)
    inject(c, a + 2)
    mix(13, 15, 26, 6)
    inject(a, b + 3)
    mix(17, 29, 16, 24)
    inject(b, c + 4)
    mix(13, 15, 26, 6)
    inject(c, a + 5)
    const low = uniform(v128.shuffle<i32>(x, y, 0, 4, 1, 5))
    const high = uniform(v128.shuffle<i32>(x, y, 2, 6, 3, 7))
    storeLanes(target, low, min(left, 4))
    if (left > 4) storeLanes(target + 16, high, min(left - 4, 4))
  }
  return 0
}
