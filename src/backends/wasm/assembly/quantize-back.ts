// Family `quantize`: integers back to floats, x = (q − zeroPoint) · scale. quantize.ts says what rows and columns are.
import { INT16, INT8, UINT16, UINT8 } from './quantize-kinds'

// @ts-ignore: decorator
@inline
function dequantize4(q: v128, target: usize, scale: v128, zeroPoint: v128): void {
  v128.store(target, f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(q, zeroPoint)), scale))
}

// @ts-ignore: decorator
@inline
function load4<T>(source: usize): v128 {
  if (sizeof<T>() == 2) {
    const words = v128.load64_zero(source)
    return isSigned<T>() ? i32x4.extend_low_i16x8_s(words) : i32x4.extend_low_i16x8_u(words)
  }
  const bytes = v128.load32_zero(source)
  return isSigned<T>()
    ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes))
    : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
}

// @ts-ignore: decorator
@inline
function dequantizeRow<T>(source: usize, target: usize, inner: usize, scale: f32, zeroPoint: i32): void {
  const vectors = inner & ~3
  const s = f32x4.splat(scale)
  const z = i32x4.splat(zeroPoint)
  for (let i: usize = 0; i < vectors; i += 4) dequantize4(load4<T>(source + i * sizeof<T>()), target + (i << 2), s, z)
  for (let i = vectors; i < inner; i++) {
    store<f32>(target + (i << 2), <f32>(<i32>load<T>(source + i * sizeof<T>()) - zeroPoint) * scale)
  }
}

// @ts-ignore: decorator
@inline
function dequantizeRowsOf<T>(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  scales: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
): void {
  let channel = firstChannel
  for (let row: usize = 0; row < rows; row++) {
    dequantizeRow<T>(source, target, inner, load<f32>(scales + (channel << 2)), load<i32>(zeroPoints + (channel << 2)))
    source += inner * sizeof<T>()
    target += inner << 2
    if (++channel == channels) channel = 0
  }
}

export function dequantizeRows(
  source: usize,
  target: usize,
  rows: usize,
  inner: usize,
  scales: usize,
  zeroPoints: usize,
  channels: usize,
  firstChannel: usize,
  kind: i32,
): void {
  if (kind == INT8) dequantizeRowsOf<i8>(source, target, rows, inner, scales, zeroPoints, channels, firstChannel)
  else if (kind == UINT8) dequantizeRowsOf<u8>(source, target, rows, inner, scales, zeroPoints, channels, firstChannel)
  else if (kind == INT16) dequantizeRowsOf<i16>(source, target, rows, inner, scales, zeroPoints, channels, firstChannel)
  else dequantizeRowsOf<u16>(source, target, rows, inner, scales, zeroPoints, channels, firstChannel)
}

// @ts-ignore: decorator
@inline
function dequantizeColumnsOf<T>(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  scales: usize,
  zeroPoints: usize,
): void {
  const vectors = channels & ~3
  for (let row: usize = 0; row < rows; row++) {
    for (let c: usize = 0; c < vectors; c += 4) {
      const at = c << 2
      const q = load4<T>(source + c * sizeof<T>())
      dequantize4(q, target + at, v128.load(scales + at), v128.load(zeroPoints + at))
    }
    for (let c = vectors; c < channels; c++) {
      const at = c << 2
      const q = <i32>load<T>(source + c * sizeof<T>())
      store<f32>(target + at, <f32>(q - load<i32>(zeroPoints + at)) * load<f32>(scales + at))
    }
    source += channels * sizeof<T>()
    target += channels << 2
  }
}

export function dequantizeColumns(
  source: usize,
  target: usize,
  rows: usize,
  channels: usize,
  scales: usize,
  zeroPoints: usize,
  kind: i32,
): void {
  if (kind == INT8) dequantizeColumnsOf<i8>(source, target, rows, channels, scales, zeroPoints)
  else if (kind == UINT8) dequantizeColumnsOf<u8>(source, target, rows, channels, scales, zeroPoints)
  else if (kind == INT16) dequantizeColumnsOf<i16>(source, target, rows, channels, scales, zeroPoints)
  else dequantizeColumnsOf<u16>(source, target, rows, channels, scales, zeroPoints)
}
