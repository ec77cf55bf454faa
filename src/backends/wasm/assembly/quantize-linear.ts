// Families `quantizeLinear` and `dequantizeLinear` over [outer, channels, inner] with one scale per channel. Integers are
// exact: y = clamp(roundHalfEven(x / scale) + zeroPoint), x = (y − zeroPoint) · scale, every step in float32.
//
// args: [input, scale, zeroPoint or 0, output, outer, channels, inner, type]; type of the integers: 0 uint8, 1 int8,
// 2 int32 (to dequantize only), 3 uint16, 4 int16.
import { addressAt, storeLanes, word } from './simd'

const UINT8: i32 = 0
const INT32: i32 = 2
const UINT16: i32 = 3

/** log2 of the bytes of an integer. */
// @ts-ignore: decorator
@inline
function widthOf(type: i32): i32 {
  return type == INT32 ? 2 : type >= UINT16 ? 1 : 0
}

/** Beyond every sum that matters, and exact in float32. */
const LIMIT: f32 = 65536

// @ts-ignore: decorator
@inline
function integer(address: usize, i: i32, type: i32): i32 {
  if (type == INT32) return load<i32>(address + (i << 2))
  if (type >= UINT16) {
    const at = address + (i << 1)
    return type == UINT16 ? <i32>load<u16>(at) : <i32>load<i16>(at)
  }
  return type == UINT8 ? <i32>load<u8>(address + i) : <i32>load<i8>(address + i)
}

/** Four integers. */
// @ts-ignore: decorator
@inline
function integers(address: usize, i: i32, type: i32): v128 {
  if (type == INT32) return v128.load(address + (i << 2))
  if (type >= UINT16) {
    const words = v128.load64_zero(address + (i << 1))
    return type == UINT16 ? i32x4.extend_low_i16x8_u(words) : i32x4.extend_low_i16x8_s(words)
  }
  const bytes = v128.load32_zero(address + i)
  return type == UINT8
    ? i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
    : i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes))
}

/** Stores the first `count` of four integers, saturated. */
// @ts-ignore: decorator
@inline
function storeIntegers(target: usize, v: v128, type: i32, count: i32): void {
  if (type >= UINT16) storeWords(target, type == UINT16 ? i16x8.narrow_i32x4_u(v, v) : i16x8.narrow_i32x4_s(v, v), count)
  else {
    const words = i16x8.narrow_i32x4_s(v, v)
    storeBytes(target, type == UINT8 ? i8x16.narrow_i16x8_u(words, words) : i8x16.narrow_i16x8_s(words, words), count)
  }
}

// @ts-ignore: decorator
@inline
function storeBytes(target: usize, bytes: v128, count: i32): void {
  if (count >= 4) {
    v128.store32_lane(target, bytes, 0)
    return
  }
  store<u8>(target, i8x16.extract_lane_u(bytes, 0))
  if (count > 1) store<u8>(target, i8x16.extract_lane_u(bytes, 1), 1)
  if (count > 2) store<u8>(target, i8x16.extract_lane_u(bytes, 2), 2)
}

// @ts-ignore: decorator
@inline
function storeWords(target: usize, words: v128, count: i32): void {
  if (count >= 4) {
    v128.store64_lane(target, words, 0)
    return
  }
  store<u16>(target, i16x8.extract_lane_u(words, 0))
  if (count > 1) store<u16>(target, i16x8.extract_lane_u(words, 1), 2)
  if (count > 2) store<u16>(target, i16x8.extract_lane_u(words, 2), 4)
}

// @ts-ignore: decorator
@inline
function quantized(x: v128, scale: v128, zeroPoint: v128): v128 {
  const v = f32x4.nearest(f32x4.div(x, scale))
  const clamped = f32x4.pmin(f32x4.pmax(v, f32x4.splat(-LIMIT)), f32x4.splat(LIMIT))
  const q = i32x4.add(i32x4.trunc_sat_f32x4_s(clamped), zeroPoint)
  // NaN becomes 0, whatever the zero point
  return v128.and(q, f32x4.eq(v, v))
}

// @ts-ignore: decorator
@inline
function dequantized(q: v128, scale: v128, zeroPoint: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(q, zeroPoint)), scale)
}

export function quantizeLinear(args: usize): i32 {
  let input = addressAt(args, 0)
  const scales = addressAt(args, 1)
  const zeroPoints = addressAt(args, 2)
  let output = addressAt(args, 3)
  const channels = word(args, 5)
  const inner = word(args, 6)
  const type = word(args, 7)
  const width = widthOf(type)
  for (let outer = word(args, 4); outer > 0; outer--) {
    if (inner == 1) {
      for (let c = 0; c < channels; c += 4) {
        const zero = zeroPoints == 0 ? i32x4.splat(0) : integers(zeroPoints, c, type)
        const q = quantized(v128.load(input + (<usize>c << 2)), v128.load(scales + (<usize>c << 2)), zero)
        storeIntegers(output + (<usize>c << width), q, type, channels - c)
      }
      input += <usize>channels << 2
      output += <usize>channels << width
      continue
    }
    for (let c = 0; c < channels; c++) {
      const scale = v128.load32_splat(scales + (<usize>c << 2))
      const zero = i32x4.splat(zeroPoints == 0 ? 0 : integer(zeroPoints, c, type))
      for (let i = 0; i < inner; i += 4) {
        storeIntegers(output + (<usize>i << width), quantized(v128.load(input + (<usize>i << 2)), scale, zero), type, inner - i)
      }
      input += <usize>inner << 2
      output += <usize>inner << width
    }
  }
  return 0
}

export function dequantizeLinear(args: usize): i32 {
  let input = addressAt(args, 0)
  const scales = addressAt(args, 1)
  const zeroPoints = addressAt(args, 2)
  let output = addressAt(args, 3)
  const channels = word(args, 5)
  const inner = word(args, 6)
  const type = word(args, 7)
  const shift = widthOf(type)
  for (let outer = word(args, 4); outer > 0; outer--) {
    if (inner == 1) {
      for (let c = 0; c < channels; c += 4) {
        const zero = zeroPoints == 0 ? i32x4.splat(0) : integers(zeroPoints, c, type)
        const x = dequantized(integers(input, c, type), v128.load(scales + (<usize>c << 2)), zero)
        storeLanes(output + (<usize>c << 2), x, channels - c)
      }
      input += <usize>channels << shift
      output += <usize>channels << 2
      continue
    }
    for (let c = 0; c < channels; c++) {
      const scale = v128.load32_splat(scales + (<usize>c << 2))
      const zero = i32x4.splat(zeroPoints == 0 ? 0 : integer(zeroPoints, c, type))
      for (let i = 0; i < inner; i += 4) {
        storeLanes(output + (<usize>i << 2), dequantized(integers(input, i, type), scale, zero), inner - i)
      }
      input += <usize>inner << shift
      output += <usize>inner << 2
    }
  }
  return 0
}
