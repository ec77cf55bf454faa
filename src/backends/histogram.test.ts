import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { roundHalfEven } from '../core/tensor'
import { binsBetween } from './histogram'

describe('bins', () => {
  it.each([
    [-1, 3, 5, { reciprocal: 1, first: -1 }],
    [0, 10, 11, { reciprocal: 1, first: 0 }],
    [-0.5, 0.5, 2, { reciprocal: 1, first: 0 }],
    [2, 2, 8, { reciprocal: 0, first: 0 }],
    [1e-45, 3e-45, 8, { reciprocal: 0, first: 0 }],
    // floats near 2²⁴ are whole numbers: no bins in between
    [2 ** 24 - 4, 2 ** 24, 1025, { reciprocal: 2 ** -3, first: 2 ** 21 }],
  ])('from %f to %f, %i of them', (low, high, bins, expected) => {
    expect(binsBetween(low, high, bins)).toEqual(expected)
  })

  it('hold both ends', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)]
          const { reciprocal, first } = binsBetween(low, high, 100)
          const bin = (x: number) => roundHalfEven(Math.fround(x * reciprocal)) - first
          expect(bin(low) + 0).toBe(0)
          expect(bin(high)).toBeLessThanOrEqual(100)
        },
      ),
    )
  })
})
