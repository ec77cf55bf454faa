import { describe, expect, it } from 'vitest'
import { threefry, uniformAt } from './threefry'

describe('threefry', () => {
  // Random123 1.14, tests/kat_vectors: threefry2x32 with 20 rounds
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [-1, -1],
      [-1, -1],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('key %j and counter %j give %j', (key, counter, words) => {
    expect(threefry(key, counter)).toEqual(words)
  })

  it('spreads numbers evenly over [0, 1), and streams are others', () => {
    const numbers = Array.from({ length: 4096 }, (_, i) => uniformAt([7, 3], 1, i))
    const tenths = numbers.reduce(
      (counts, x) => counts.with(Math.floor(x * 10), counts[Math.floor(x * 10)]! + 1),
      new Array<number>(10).fill(0),
    )
    // a tenth of 4096 ± five standard deviations of 19
    expect(tenths.every((count) => Math.abs(count - 409.6) < 96)).toBe(true)
    const others = numbers.filter((x, i) => x === uniformAt([7, 3], 2, i) || x === uniformAt([7, 4], 1, i))
    expect(others).toEqual([])
  })
})
