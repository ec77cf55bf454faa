import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gridLayoutOf, isBlockLayout, scalePieces, type ScaleLayout } from '../../backends/blocks'
import { scaleLayoutOf, scaleShapeOf, type Granularity } from './granularity'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9)
const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)

/** Index of the scale of element `index`, as it is defined: the block that its coordinates lie in, row-major. */
function scaleIndexOf(index: number, shape: readonly number[], blocks: readonly number[]): number {
  let [rest, scale, step] = [index, 0, 1]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const [size, block] = [shape[axis] as number, blocks[axis] as number]
    scale += Math.floor((rest % size) / block) * step
    step *= Math.ceil(size / block)
    rest = Math.floor(rest / size)
  }
  return scale
}

/** The scale of each element of a range, by its pieces; every element must lie in exactly one. */
function scalesByPieces(layout: ScaleLayout, start: number, length: number): number[] {
  const found: number[] = []
  let at = start
  for (const piece of scalePieces(layout, start, length)) {
    expect(piece.start).toBe(at)
    const { outer, channels, inner } = piece.layout
    expect(outer * channels * inner).toBe(piece.count)
    for (let i = 0; i < piece.count; i++) found.push(piece.channel + (Math.floor(i / inner) % channels))
    at += piece.count
  }
  expect(at).toBe(start + length)
  return found
}

describe('which elements share a scale', () => {
  it('is a channel layout wherever there is one', () => {
    const layouts: [readonly number[], Granularity, ScaleLayout][] = [
      [[3, 4, 5], { kind: 'tensor' }, { outer: 1, channels: 1, inner: 60 }],
      [[3, 4, 5], { kind: 'channel', axis: 1 }, { outer: 3, channels: 4, inner: 5 }],
      [[6, 64], { kind: 'group', axis: 1, size: 32 }, { outer: 1, channels: 12, inner: 32 }],
      [[2, 3, 64], { kind: 'group', axis: 2, size: 16 }, { outer: 1, channels: 24, inner: 16 }],
      [[6, 64], { kind: 'group', axis: 1, size: 128 }, { outer: 1, channels: 6, inner: 64 }],
      [[30, 7], { kind: 'group', axis: 0, size: 32 }, { outer: 30, channels: 7, inner: 1 }],
      [[8, 3, 5], { kind: 'block', sizes: [8, 1, 5] }, { outer: 8, channels: 3, inner: 5 }],
      [[8, 3, 5], { kind: 'block', sizes: [2, 3, 5] }, { outer: 1, channels: 4, inner: 30 }],
      [[1, 1], { kind: 'block', sizes: [16, 16] }, { outer: 1, channels: 1, inner: 1 }],
      [[], { kind: 'tensor' }, { outer: 1, channels: 1, inner: 1 }],
    ]
    for (const [shape, granularity, layout] of layouts) {
      expect(scaleLayoutOf(shape, granularity), JSON.stringify(granularity)).toEqual(layout)
    }
  })

  it('is a grid of blocks otherwise', () => {
    const grid = scaleLayoutOf([64, 7], { kind: 'group', axis: 0, size: 16 })
    expect(isBlockLayout(grid)).toBe(true)
    expect(grid.channels).toBe(28)
    expect([...scalePieces(grid, 0, 64 * 7)]).toHaveLength(4)
  })

  it('gives the shape of the scales, short blocks counted', () => {
    expect(scaleShapeOf([3, 100, 5], { kind: 'tensor' })).toEqual([])
    expect(scaleShapeOf([3, 100, 5], { kind: 'channel', axis: 2 })).toEqual([5])
    expect(scaleShapeOf([3, 100, 5], { kind: 'group', axis: 1, size: 32 })).toEqual([3, 4, 5])
    expect(scaleShapeOf([33, 100], { kind: 'block', sizes: [16, 64] })).toEqual([3, 2])
  })

  it('refuses what is no axis and no block', () => {
    expect(() => scaleLayoutOf([3, 4], { kind: 'channel', axis: 2 })).toThrow('axis 2 of [3, 4]')
    expect(() => scaleShapeOf([3, 4], { kind: 'group', axis: -1, size: 2 })).toThrow('axis -1 of [3, 4]')
    expect(() => scaleLayoutOf([3, 4], { kind: 'group', axis: 0, size: 0 })).toThrow('blocks of [0, 1]')
    expect(() => scaleLayoutOf([3, 4], { kind: 'block', sizes: [3] })).toThrow('1 block sizes for [3, 4]')
  })

  it('has no pieces without elements', () => {
    const layout = gridLayoutOf([3, 0, 4], [2, 1, 4])
    expect([...scalePieces(layout, 0, 0)]).toEqual([])
  })

  it(`finds the scale of every element of any range (FUZZ_SEED=${SEED})`, () => {
    const axes = fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 10 })), { maxLength: 4 })
    const property = fc.property(axes, fc.nat(), fc.nat(), (pairs, a, b) => {
      const [shape, blocks] = [pairs.map(([size]) => size), pairs.map(([, block]) => block)]
      const layout = gridLayoutOf(shape, blocks)
      const total = count(shape)
      const [start, end] = [Math.min(a % (total + 1), b % (total + 1)), Math.max(a % (total + 1), b % (total + 1))]
      const expected = Array.from({ length: end - start }, (_, i) => scaleIndexOf(start + i, shape, blocks))
      expect(scalesByPieces(layout, start, end - start)).toEqual(expected)
      expect(layout.channels).toBe(count(shape.map((size, axis) => Math.ceil(size / (blocks[axis] as number)))))
    })
    fc.assert(property, { seed: SEED, numRuns: 1000 })
  })
})
