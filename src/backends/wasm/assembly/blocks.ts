// Families `gather-blocks` and `scatter-blocks`: blocks of neighbouring elements of 4 bytes that tuples of indices name.
//
// args = [input, indices, updates (scatter), output, bytes of one index, reduction, block, tuples, rank, depth, elements of
// the output (scatter), sizes[rank], strides[rank], limits[depth], steps[depth]]
import { addressAt, setFault, word } from './simd'
import { BLOCK_ADD, BLOCK_MAX, BLOCK_MIN, BLOCK_MUL } from '../opcodes'

const SIZES: usize = 11

/** Element at which the block of a tuple begins; −1: an index lies outside. */
function startOf(args: usize, tuple: i32): i32 {
  const rank = <usize>word(args, 8)
  const depth = <usize>word(args, 9)
  const bytes = word(args, 4)
  let start = 0
  let rest = tuple
  for (let axis = rank; axis > 0; axis--) {
    const size = word(args, SIZES + axis - 1)
    const at = rest % size
    start += at * word(args, SIZES + rank + axis - 1)
    rest /= size
  }
  const limits = SIZES + 2 * rank
  let from = addressAt(args, 1) + <usize>tuple * depth * bytes
  for (let d: usize = 0; d < depth; d++) {
    const limit = <i64>word(args, limits + d)
    const given = bytes == 8 ? load<i64>(from) : <i64>load<i32>(from)
    const index = given < 0 ? given + limit : given
    if (<u64>index >= <u64>limit) {
      setFault(<f64>given)
      return -1
    }
    start += <i32>index * word(args, limits + depth + d)
    from += bytes
  }
  return start
}

export function gatherBlocks(args: usize): i32 {
  const block = word(args, 6)
  let y = addressAt(args, 3)
  for (let tuple = 0; tuple < word(args, 7); tuple++) {
    const start = startOf(args, tuple)
    if (start < 0) return 1
    const from = addressAt(args, 0) + (<usize>start << 2)
    for (let k = 0; k < block; k++) {
      store<u32>(y, load<u32>(from + (<usize>k << 2)))
      y += 4
    }
  }
  return 0
}

export function scatterBlocks(args: usize): i32 {
  const block = word(args, 6)
  const reduction = word(args, 5)
  let updates = addressAt(args, 2)
  memory.copy(addressAt(args, 3), addressAt(args, 0), <usize>word(args, 10) << 2)
  for (let tuple = 0; tuple < word(args, 7); tuple++) {
    const start = startOf(args, tuple)
    if (start < 0) return 1
    combine(reduction, addressAt(args, 3) + (<usize>start << 2), updates, block)
    updates += <usize>block << 2
  }
  return 0
}

function combine(reduction: i32, to: usize, from: usize, count: i32): void {
  for (let k = 0; k < count; k++) {
    if (reduction == BLOCK_ADD) store<f32>(to, load<f32>(to) + load<f32>(from))
    else if (reduction == BLOCK_MUL) store<f32>(to, load<f32>(to) * load<f32>(from))
    else if (reduction == BLOCK_MAX) store<f32>(to, max(load<f32>(to), load<f32>(from)))
    else if (reduction == BLOCK_MIN) store<f32>(to, min(load<f32>(to), load<f32>(from)))
    else store<u32>(to, load<u32>(from))
    to += 4
    from += 4
  }
}
