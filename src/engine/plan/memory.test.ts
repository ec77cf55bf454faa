import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packBlocks, type Block } from './memory'

const blocks = fc.array(
  fc
    .record({ size: fc.nat(9), from: fc.integer({ min: -1, max: 12 }), length: fc.nat(5) })
    .map(({ size, from, length }): Block => ({ bytes: 64 * size, from, to: from + length })),
  { maxLength: 24 },
)

const livesWith = (a: Block, b: Block) => a.from <= b.to && b.from <= a.to

/** The most bytes that live at one time: no arrangement can be smaller. */
function peak(all: readonly Block[]): number {
  const times = all.flatMap(({ from, to }) => [from, to])
  const alive = (time: number) => all.filter((one) => one.from <= time && time <= one.to)
  return Math.max(0, ...times.map((time) => alive(time).reduce((sum, { bytes }) => sum + bytes, 0)))
}

describe('packBlocks', () => {
  it('never lets two blocks overlap that live at the same time', () => {
    fc.assert(
      fc.property(blocks, (all) => {
        const offsets = packBlocks(all)
        const end = Math.max(0, ...all.map(({ bytes }, i) => offsets[i]! + bytes))
        all.forEach((a, i) => {
          expect(offsets[i]! % 64).toBe(0)
          all.slice(0, i).forEach((b, k) => {
            if (!livesWith(a, b) || a.bytes === 0 || b.bytes === 0) return
            const isApart = offsets[i]! + a.bytes <= offsets[k]! || offsets[k]! + b.bytes <= offsets[i]!
            expect(isApart).toBe(true)
          })
        })
        expect(end).toBeGreaterThanOrEqual(peak(all))
        expect(end).toBeLessThanOrEqual(all.reduce((sum, { bytes }) => sum + bytes, 0))
      }),
    )
  })

  it('puts a small block into the smallest gap that it fits into', () => {
    const given: Block[] = [
      { bytes: 512, from: 0, to: 9 },
      { bytes: 256, from: 0, to: 1 },
      { bytes: 192, from: 0, to: 9 },
      { bytes: 128, from: 2, to: 3 },
      { bytes: 128, from: 2, to: 3 },
    ]
    expect(packBlocks(given)).toEqual([0, 512, 768, 512, 640])
  })
})
