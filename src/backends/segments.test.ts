import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layoutOf, segments } from './segments'

describe('segments', () => {
  it('cuts a range that starts and ends inside of channels into five', () => {
    // [3, 4, 5]: from element 3 (slice 0, channel 0) to element 49 (slice 2, channel 1)
    expect([...segments({ outer: 3, channels: 4, inner: 5 }, 3, 46)]).toEqual([
      { start: 3, count: 2, channel: 0, layout: { outer: 1, channels: 1, inner: 2 } },
      { start: 5, count: 15, channel: 1, layout: { outer: 1, channels: 3, inner: 5 } },
      { start: 20, count: 20, channel: 0, layout: { outer: 1, channels: 4, inner: 5 } },
      { start: 40, count: 5, channel: 0, layout: { outer: 1, channels: 1, inner: 5 } },
      { start: 45, count: 4, channel: 1, layout: { outer: 1, channels: 1, inner: 4 } },
    ])
  })

  it('gives every element its channel, whatever the range', () => {
    const size = fc.integer({ min: 1, max: 6 })
    fc.assert(
      fc.property(size, size, size, fc.nat(), fc.nat(), (outer, channels, inner, a, b) => {
        const total = outer * channels * inner
        const start = a % total
        const count = b % (total - start + 1)
        const seen: number[] = []
        for (const segment of segments({ outer, channels, inner }, start, count)) {
          expect(segment.start).toBe(start + seen.length)
          const { layout } = segment
          for (let i = 0; i < segment.count; i++) {
            seen.push(segment.channel + (Math.floor(i / layout.inner) % layout.channels))
          }
        }
        const expected = Array.from({ length: count }, (_, i) => Math.floor((start + i) / inner) % channels)
        expect(seen).toEqual(expected)
      }),
    )
  })
})

it('sees a tensor as outer, channels, inner', () => {
  expect(layoutOf([2, 3, 5, 7], 1)).toEqual({ outer: 2, channels: 3, inner: 35 })
  expect(layoutOf([2, 3, 5], 2)).toEqual({ outer: 6, channels: 5, inner: 1 })
  expect(layoutOf([2, 3, 5], null)).toEqual({ outer: 1, channels: 1, inner: 30 })
  expect(layoutOf([], null)).toEqual({ outer: 1, channels: 1, inner: 1 })
})
