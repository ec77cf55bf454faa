// Family `fill`: args = [target, bytes, low, high]; `low` and `high` are 8 bytes that are repeated.
import { addressAt, word } from './simd'

export function fill(args: usize): i32 {
  let target = addressAt(args, 0)
  const bytes = addressAt(args, 1)
  const end = target + bytes
  const pattern = i64x2.splat(load<i64>(args, 8))
  for (; target + 16 <= end; target += 16) v128.store(target, pattern)
  // the pattern has a period of 1, 2, 4 or 8 bytes and starts again at every multiple of 8
  for (let i: usize = 0; target + i < end; i++) store<u8>(target + i, load<u8>(args + (i & 7), 8))
  return 0
}
