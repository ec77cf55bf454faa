// Family `observe`: what calibration looks at. src/backends/observe-calls.ts says what the words mean.
import { MAGIC, MAGIC_BITS, MAGNITUDE } from './quantize-kinds'
import { addressAt, float, word } from './simd'

const INFINITE: i32 = 0x7f800000
/** Most steps whose rounding by MAGIC is exact. */
const MOST_STEPS: f32 = 4194304

/** args = [source, target, count]: keys of the least and the greatest finite element, index of the first other. */
export function minMax(args: usize): i32 {
  const source = addressAt(args, 0)
  const target = addressAt(args, 1)
  const count = word(args, 2)
  let first: u32 = u32.MAX_VALUE
  let low = i32x4.splat(-1)
  let high = i32x4.splat(0)
  const whole = count & ~3
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(source + (<usize>i << 2))
    if (!hasOther(v)) {
      low = i32x4.min_u(low, keysOf(v))
      high = i32x4.max_u(high, keysOf(v))
    } else {
      first = min(first, firstOther(source, i, i + 4))
      for (let lane = 0; lane < 4; lane++) {
        const one = v128.load32_splat(source + (<usize>(i + lane) << 2))
        if (hasOther(one)) continue
        low = i32x4.min_u(low, keysOf(one))
        high = i32x4.max_u(high, keysOf(one))
      }
    }
  }
  for (let i = whole; i < count; i++) {
    const one = v128.load32_splat(source + (<usize>i << 2))
    if (hasOther(one)) {
      first = min(first, <u32>i)
      continue
    }
    low = i32x4.min_u(low, keysOf(one))
    high = i32x4.max_u(high, keysOf(one))
  }
  low = i32x4.min_u(low, i32x4.shuffle(low, low, 2, 3, 0, 1))
  high = i32x4.max_u(high, i32x4.shuffle(high, high, 2, 3, 0, 1))
  low = i32x4.min_u(low, i32x4.shuffle(low, low, 1, 0, 3, 2))
  high = i32x4.max_u(high, i32x4.shuffle(high, high, 1, 0, 3, 2))
  v128.store32_lane(target, low, 0)
  v128.store32_lane(target, high, 0, 4)
  store<u32>(target, first, 8)
  return 0
}

/** Whether a lane is NaN or infinite. */
// @ts-ignore: decorator
@inline
function hasOther(v: v128): bool {
  return v128.any_true(i32x4.ge_s(v128.and(v, i32x4.splat(MAGNITUDE)), i32x4.splat(INFINITE)))
}

/** Floats in the order of unsigned integers; −0 is 0. */
// @ts-ignore: decorator
@inline
function keysOf(v: v128): v128 {
  const bits = f32x4.add(v, f32x4.splat(0))
  return v128.xor(bits, v128.or(i32x4.shr_s(bits, 31), i32x4.splat(0x80000000)))
}

function firstOther(source: usize, from: i32, to: i32): u32 {
  for (let i = from; i < to; i++) if ((load<i32>(source + (<usize>i << 2)) & MAGNITUDE) >= INFINITE) return i
  return u32.MAX_VALUE
}

/** args = [source, target, count, bins, reciprocal, first]: how many finite elements each bin holds. */
export function histogram(args: usize): i32 {
  const source = addressAt(args, 0)
  const target = addressAt(args, 1)
  const count = word(args, 2)
  const bins = word(args, 3)
  const reciprocal = float(args, 4)
  const offset = word(args, 5) + MAGIC_BITS
  memory.fill(target, 0, <usize>bins << 2)
  const whole = count & ~3
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(source + (<usize>i << 2))
    const bin = binsOf(v, f32x4.splat(reciprocal), i32x4.splat(offset), i32x4.splat(bins - 1))
    if (hasOther(v)) {
      for (let lane = i; lane < i + 4; lane++) countOne(source, lane, target, bins, reciprocal, offset)
      continue
    }
    bump(target, i32x4.extract_lane(bin, 0))
    bump(target, i32x4.extract_lane(bin, 1))
    bump(target, i32x4.extract_lane(bin, 2))
    bump(target, i32x4.extract_lane(bin, 3))
  }
  for (let i = whole; i < count; i++) countOne(source, i, target, bins, reciprocal, offset)
  return 0
}

function countOne(source: usize, i: i32, target: usize, bins: i32, reciprocal: f32, offset: i32): void {
  const v = v128.load32_splat(source + (<usize>i << 2))
  if (hasOther(v)) return
  bump(target, i32x4.extract_lane(binsOf(v, f32x4.splat(reciprocal), i32x4.splat(offset), i32x4.splat(bins - 1)), 0))
}

/** clamp(roundHalfEven(v · reciprocal) − first), by MAGIC. */
// @ts-ignore: decorator
@inline
function binsOf(v: v128, reciprocal: v128, offset: v128, last: v128): v128 {
  const steps = f32x4.mul(v, reciprocal)
  const clamped = f32x4.max(f32x4.min(steps, f32x4.splat(MOST_STEPS - 1)), f32x4.splat(1 - MOST_STEPS))
  const bin = i32x4.sub(f32x4.add(clamped, f32x4.splat(MAGIC)), offset)
  return i32x4.max_s(i32x4.min_s(bin, last), i32x4.splat(0))
}

// @ts-ignore: decorator
@inline
function bump(target: usize, bin: i32): void {
  const at = target + (<usize>bin << 2)
  store<u32>(at, load<u32>(at) + 1)
}
