import { describe, expect, it } from 'vitest'
import type { Dim } from '../graph/model'
import { addDims, divideDims, knownIntegers, multiplyDims, sizesOf, subtractDims, type Values } from './dims'

describe('arithmetic on sizes', () => {
  it.each<[string, (a: Dim, b: Dim) => Dim, Dim, Dim, Dim]>([
    ['3 + 4', addDims, 3, 4, 7],
    ['n + 0', addDims, 'n', 0, 'n'],
    ['0 + n', addDims, 0, 'n', 'n'],
    ['n + 1', addDims, 'n', 1, null],
    ['7 − 9', subtractDims, 7, 9, -2],
    ['n − 0', subtractDims, 'n', 0, 'n'],
    ['n − n', subtractDims, 'n', 'n', 0],
    ['n − m', subtractDims, 'n', 'm', null],
    ['? − ?, which may differ', subtractDims, null, null, null],
    ['3 · 4', multiplyDims, 3, 4, 12],
    ['1 · n', multiplyDims, 1, 'n', 'n'],
    ['n · 1', multiplyDims, 'n', 1, 'n'],
    ['0 · ?', multiplyDims, 0, null, 0],
    ['2 · n', multiplyDims, 2, 'n', null],
    ['7 / 2', divideDims, 7, 2, 3],
    ['−7 / 2, towards zero', divideDims, -7, 2, -3],
    ['n / 1', divideDims, 'n', 1, 'n'],
    ['n / n', divideDims, 'n', 'n', 1],
    ['? / ?, which may differ', divideDims, null, null, null],
    ['4 / 0', divideDims, 4, 0, null],
  ])('%s', (_, apply, a, b, expected) => {
    expect(apply(a, b)).toBe(expected)
  })
})

describe('lists of sizes', () => {
  const context = (shape: readonly Dim[] | undefined, dims?: readonly Dim[]): Values => ({
    has: () => true,
    constant: () => undefined,
    dims: () => dims,
    shape: () => shape,
  })

  it('are what is known of them', () => {
    expect(sizesOf(context([2], ['n', 3]), 0)).toEqual(['n', 3])
    expect(knownIntegers(context([2], [4, 3]), 0)).toEqual([4, 3])
    expect(knownIntegers(context([2], ['n', 3]), 0)).toBeUndefined()
  })

  it('have at least a length', () => {
    expect(sizesOf(context([3]), 0)).toEqual([null, null, null])
    expect(sizesOf(context([]), 0)).toEqual([null])
  })

  it('of open or absurd length are not known', () => {
    expect(sizesOf(context(['n']), 0)).toBeUndefined()
    expect(sizesOf(context([null]), 0)).toBeUndefined()
    expect(sizesOf(context([1_000_000]), 0)).toBeUndefined()
    expect(sizesOf(context([2, 2]), 0)).toBeUndefined()
    expect(sizesOf(context(undefined), 0)).toBeUndefined()
  })
})
