// Family `integerSum`: output[i] = Σ factor · input[i] of int32, wrapping.
// args: [output, elements, terms, (input, factor) per term].
import { addressAt, word } from './simd'

const LANES: i32 = 4

export function integerSum(args: usize): i32 {
  const output = addressAt(args, 0)
  const count = word(args, 1)
  const terms = word(args, 2)
  const whole = count & ~(LANES - 1)
  for (let i = 0; i < whole; i += LANES) {
    let sum = i32x4.splat(0)
    for (let t = 0; t < terms; t++) {
      const x = v128.load(addressAt(args, 3 + 2 * t) + (<usize>i << 2))
      sum = i32x4.add(sum, i32x4.mul(x, i32x4.splat(word(args, 4 + 2 * t))))
    }
    v128.store(output + (<usize>i << 2), sum)
  }
  for (let i = whole; i < count; i++) {
    let sum = 0
    for (let t = 0; t < terms; t++) {
      sum += load<i32>(addressAt(args, 3 + 2 * t) + (<usize>i << 2)) * word(args, 4 + 2 * t)
    }
    store<i32>(output + (<usize>i << 2), sum)
  }
  return 0
}
