// Families `copy`, `gather` and `cast`: elements move, nothing is computed.
import { addressAt, setFault, word } from './simd'

/** Below it a loop is faster than a call of the platform's memmove. */
const SHORT: usize = 256

// @ts-ignore: decorator
@inline
function copyRun(from: usize, to: usize, bytes: usize): void {
  if (bytes >= SHORT) {
    memory.copy(to, from, bytes)
    return
  }
  let i: usize = 0
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i))
  for (; i + 4 <= bytes; i += 4) store<u32>(to + i, load<u32>(from + i))
  for (; i < bytes; i++) store<u8>(to + i, load<u8>(from + i))
}

// @ts-ignore: decorator
@inline
function copyOne(from: usize, to: usize, bytes: i32): void {
  if (bytes == 4) store<u32>(to, load<u32>(from))
  else if (bytes == 8) store<u64>(to, load<u64>(from))
  else if (bytes == 1) store<u8>(to, load<u8>(from))
  else store<u16>(to, load<u16>(from))
}

/**
 * args: [first source, first target, bytes per element, rank, sizes[rank], source strides[rank], target strides[rank]],
 * strides in bytes, signed; rank is at least 1. Axes are ordered by the target's stride, the shortest last.
 */
export function copy(args: usize): i32 {
  copyAxis(addressAt(args, 0), addressAt(args, 1), args + 16, word(args, 3), word(args, 2))
  return 0
}

function copyAxis(from: usize, to: usize, axis: usize, rank: i32, bytes: i32): void {
  // strides stand a whole rank after the sizes, so an axis is found from its size's address and the first rank
  copyAxes(from, to, axis, rank, rank, bytes)
}

function copyAxes(from: usize, to: usize, axis: usize, left: i32, rank: i32, bytes: i32): void {
  const count = word(axis, 0)
  const sourceStride = word(axis, rank)
  const targetStride = word(axis, 2 * rank)
  if (left == 1) {
    copyLine(from, to, count, sourceStride, targetStride, bytes)
    return
  }
  if (left == 2 && sourceStride == bytes && word(axis, 2 * rank + 1) == bytes && word(axis, rank + 1) != bytes) {
    const columns = word(axis, 1)
    const pitch = word(axis, rank + 1)
    if (bytes == 4) transpose4(from, to, count, columns, pitch, targetStride)
    else transpose(from, to, count, columns, pitch, targetStride, bytes)
    return
  }
  for (let i = 0; i < count; i++) {
    if (left == 2) copyLine(from, to, word(axis, 1), word(axis, rank + 1), word(axis, 2 * rank + 1), bytes)
    else copyAxes(from, to, axis + 4, left - 1, rank, bytes)
    from += sourceStride
    to += targetStride
  }
}

function copyLine(from: usize, to: usize, count: i32, sourceStride: i32, targetStride: i32, bytes: i32): void {
  if (targetStride == bytes && sourceStride == bytes) return copyRun(from, to, <usize>(count * bytes))
  if (bytes == 4) {
    if (sourceStride == 0 && targetStride == 4) {
      const value = v128.load32_splat(from)
      for (; count >= 4; count -= 4) {
        v128.store(to, value)
        to += 16
      }
    }
    // two at a time: the loop's own work is most of it
    for (; count >= 2; count -= 2) {
      const a = load<u32>(from)
      const b = load<u32>(from + sourceStride)
      store<u32>(to, a)
      store<u32>(to + targetStride, b)
      from += sourceStride << 1
      to += targetStride << 1
    }
    if (count > 0) store<u32>(to, load<u32>(from))
    return
  }
  for (; count > 0; count--) {
    copyOne(from, to, bytes)
    from += sourceStride
    to += targetStride
  }
}

/** Columns of a transposition that are walked together: the lines of the source that they lie on stay in the cache. */
const COLUMNS: i32 = 64

/** target[r][c] = source[c][r] in blocks of 4 × 4; rows of the source are `pitch` bytes apart, of the target `targetPitch`. */
function transpose4(from: usize, to: usize, rows: i32, columns: i32, pitch: i32, targetPitch: i32): void {
  const fullRows = rows & ~3
  const fullColumns = columns & ~3
  for (let first = 0; first < fullColumns; first += COLUMNS) {
    const end = min(fullColumns, first + COLUMNS)
    for (let r = 0; r < fullRows; r += 4) {
      for (let c = first; c < end; c += 4) {
        const source = from + (r << 2) + c * pitch
        const a = v128.load(source)
        const b = v128.load(source + pitch)
        const d = v128.load(source + 2 * pitch)
        const e = v128.load(source + 3 * pitch)
        const ab = i32x4.shuffle(a, b, 0, 4, 1, 5)
        const de = i32x4.shuffle(d, e, 0, 4, 1, 5)
        const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7)
        const deHigh = i32x4.shuffle(d, e, 2, 6, 3, 7)
        const target = to + r * targetPitch + (c << 2)
        v128.store(target, i64x2.shuffle(ab, de, 0, 2))
        v128.store(target + targetPitch, i64x2.shuffle(ab, de, 1, 3))
        v128.store(target + 2 * targetPitch, i64x2.shuffle(abHigh, deHigh, 0, 2))
        v128.store(target + 3 * targetPitch, i64x2.shuffle(abHigh, deHigh, 1, 3))
      }
    }
  }
  for (let r = 0; r < rows; r++) {
    for (let c = r < fullRows ? fullColumns : 0; c < columns; c++) {
      store<u32>(to + r * targetPitch + (c << 2), load<u32>(from + (r << 2) + c * pitch))
    }
  }
}

function transpose(from: usize, to: usize, rows: i32, columns: i32, pitch: i32, targetPitch: i32, bytes: i32): void {
  for (let first = 0; first < columns; first += COLUMNS) {
    const end = min(columns, first + COLUMNS)
    for (let r = 0; r < rows; r++) {
      for (let c = first; c < end; c++) copyOne(from + r * bytes + c * pitch, to + r * targetPitch + c * bytes, bytes)
    }
  }
}

/**
 * args: [input, indices, output, size, count, bytes of one entry, bytes of one index, from, to]. Entry i of [from, to) is
 * indices[i % count] of group i / count; negative indices count from the end.
 */
export function gather(args: usize): i32 {
  const input = addressAt(args, 0)
  const indices = addressAt(args, 1)
  const size = word(args, 3)
  const count = word(args, 4)
  const bytes = addressAt(args, 5)
  const isWide = word(args, 6) == 8
  const from = word(args, 7)
  const to = word(args, 8)
  let target = addressAt(args, 2) + <usize>from * bytes
  let group = input + <usize>(from / count) * <usize>size * bytes
  let place = from % count
  for (let i = from; i < to; i++) {
    const given = isWide ? load<i64>(indices + (<usize>place << 3)) : <i64>load<i32>(indices + (<usize>place << 2))
    const index = given < 0 ? given + size : given
    if (index < 0 || index >= size) {
      setFault(<f64>given)
      return 1
    }
    const source = group + <usize>index * bytes
    if (bytes == 4) store<u32>(target, load<u32>(source))
    else copyRun(source, target, bytes)
    target += bytes
    if (++place == count) {
      place = 0
      group += <usize>size * bytes
    }
  }
  return 0
}

// Types of `cast`, in the order of ../encode/move.ts.
const FLOAT32: i32 = 0
const INT32: i32 = 1
const INT64: i32 = 2
const UINT8: i32 = 3
const INT8: i32 = 4
const BOOL: i32 = 5

/** args: [input, output, count, input type, output type]. */
export function cast(args: usize): i32 {
  const input = addressAt(args, 0)
  const output = addressAt(args, 1)
  const count = word(args, 2)
  const from = word(args, 3)
  const to = word(args, 4)
  let i = 0
  if (from == FLOAT32 && to == INT32) {
    for (; i + 4 <= count; i += 4) {
      v128.store(output + (i << 2), i32x4.trunc_sat_f32x4_s(v128.load(input + (i << 2))))
    }
  } else if (to == FLOAT32 && from == INT32) {
    for (; i + 4 <= count; i += 4) v128.store(output + (i << 2), f32x4.convert_i32x4_s(v128.load(input + (i << 2))))
  } else if (to == FLOAT32 && from >= UINT8) {
    for (; i + 4 <= count; i += 4) {
      const bytes = v128.load32_zero(input + i)
      const wide = from == INT8
        ? i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(bytes))
        : i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes))
      v128.store(output + (i << 2), f32x4.convert_i32x4_s(wide))
    }
  }
  for (; i < count; i++) {
    if (from == FLOAT32) castFloat(load<f32>(input + (i << 2)), output, i, to)
    else castInteger(integerAt(input, i, from), output, i, to)
  }
  return 0
}

/** Saturates at 64 bits, or at 32 bits of the same signedness, whose high bits then fall away. */
// @ts-ignore: decorator
@inline
function castFloat(x: f32, output: usize, i: i32, to: i32): void {
  if (to == FLOAT32) store<f32>(output + (i << 2), x)
  else if (to == INT32) store<i32>(output + (i << 2), <i32>x)
  else if (to == INT64) store<i64>(output + (i << 3), <i64>x)
  else if (to == BOOL) store<u8>(output + i, x != 0 ? 1 : 0)
  else if (to == UINT8) store<u8>(output + i, <u8><u32>x)
  else store<u8>(output + i, <u8><i32>x)
}

// @ts-ignore: decorator
@inline
function castInteger(x: i64, output: usize, i: i32, to: i32): void {
  if (to == FLOAT32) store<f32>(output + (i << 2), <f32>x)
  else if (to == INT32) store<i32>(output + (i << 2), <i32>x)
  else if (to == INT64) store<i64>(output + (i << 3), x)
  else if (to == BOOL) store<u8>(output + i, x != 0 ? 1 : 0)
  else store<u8>(output + i, <u8>x)
}

// @ts-ignore: decorator
@inline
function integerAt(input: usize, i: i32, type: i32): i64 {
  if (type == INT32) return <i64>load<i32>(input + (i << 2))
  if (type == INT64) return load<i64>(input + (i << 3))
  if (type == INT8) return <i64>load<i8>(input + i)
  if (type == BOOL) return load<u8>(input + i) != 0 ? 1 : 0
  return <i64>load<u8>(input + i)
}
