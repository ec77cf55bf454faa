// Families `pick` and `one-hot`: one element of each line by its index, and lines with one element that differs.
import { addressAt, setFault, word } from './simd'

// @ts-ignore: decorator
@inline
function indexAt(from: usize, bytes: i32): i64 {
  return bytes == 8 ? load<i64>(from) : <i64>load<i32>(from)
}

/**
 * args: [input, indices, output, bytes of one index, size, inner, outer stride, size stride, inner stride, hasIgnored,
 * ignored, from, to]. Places [from, to) of the output, [outer, inner].
 */
export function pick(args: usize): i32 {
  const bytes = word(args, 3)
  const size = <i64>word(args, 4)
  const inner = word(args, 5)
  const from = word(args, 11)
  let indices = addressAt(args, 1) + <usize>(from * bytes)
  let y = addressAt(args, 2) + (<usize>from << 2)
  for (let i = from; i < word(args, 12); i++) {
    const index = indexAt(indices, bytes)
    if (word(args, 9) != 0 && index == <i64>word(args, 10)) store<f32>(y, 0)
    else {
      if (<u64>index >= <u64>size) {
        setFault(<f64>index)
        return 1
      }
      const outer = i / inner
      const at = outer * word(args, 6) + <i32>index * word(args, 7) + (i - outer * inner) * word(args, 8)
      store<f32>(y, load<f32>(addressAt(args, 0) + (<usize>at << 2)))
    }
    indices += bytes
    y += 4
  }
  return 0
}

/** args: [indices, bytes of one index, values, output, outer, size, inner], elements of 4 bytes */
export function oneHot(args: usize): i32 {
  const bytes = word(args, 1)
  const values = addressAt(args, 2)
  const size = word(args, 5)
  const inner = word(args, 6)
  const off = load<u32>(values)
  const on = load<u32>(values, 4)
  let indices = addressAt(args, 0)
  let y = addressAt(args, 3)
  for (let o = 0; o < word(args, 4); o++) {
    for (let i = 0; i < size * inner; i++) store<u32>(y + (<usize>i << 2), off)
    for (let i = 0; i < inner; i++) {
      let index = indexAt(indices, bytes)
      if (index < 0) index += <i64>size
      if (<u64>index < <u64>size) store<u32>(y + (<usize>(<i32>index * inner + i) << 2), on)
      indices += bytes
    }
    y += <usize>(size * inner) << 2
  }
  return 0
}
