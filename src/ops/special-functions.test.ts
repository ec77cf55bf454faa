import { describe, expect, it } from 'vitest'
import { powered, multiplied } from './integer-arithmetic'
import { erf, sigmoidOf, softplusOf } from './special-functions'

describe('erf', () => {
  // by the math.erf of Python 3
  it.each([
    [0, 0],
    [1e-10, 1.1283791670955126e-10],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2.4999, 0.9995928300996666],
    [2.5, 0.999593047982555],
    [3, 0.9999779095030014],
    [5.9, 0.9999999999999999],
    [7, 1],
    [Infinity, 1],
  ])('of %d', (x, y) => {
    expect(Math.abs(erf(x) - y)).toBeLessThanOrEqual(4e-16 + 4e-15 * y)
    expect(erf(-x)).toBe(-erf(x))
  })

  it('of NaN is NaN', () => expect(erf(NaN)).toBeNaN())
})

it('softplus and sigmoid hold out far from zero', () => {
  expect([-800, -40, 0, 40, 800].map(softplusOf)).toEqual([0, Math.exp(-40), Math.LN2, 40, 800])
  expect([-800, 0, 800].map(sigmoidOf)).toEqual([0, 0.5, 1])
})

describe('integers', () => {
  it('multiply modulo 2^32 without losing low bits', () => {
    expect(multiplied(2147483647, 2147483647, 'int32')).toBe(1)
    expect(multiplied(100, 100, 'int8')).toBe(10000)
  })

  it.each([
    [3n, 39n, 4052555153018976267n],
    [2n, 64n, 0n],
    [-5n, 3n, -125n],
    [0n, 0n, 1n],
    [7n, 10n ** 18n, -7669722804897447935n],
    [1n, -5n, 1n],
    [-1n, -5n, -1n],
    [-1n, -4n, 1n],
    [9n, -1n, 0n],
    [0n, -1n, undefined],
  ] as const)('%d to the power %d', (base, exponent, wanted) => {
    expect(powered(base, exponent)).toBe(wanted)
  })
})
