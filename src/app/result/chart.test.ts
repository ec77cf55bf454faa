import { describe, expect, it } from 'vitest'
import type { Alternative } from '../../jobs/report'
import { chartLayout } from './chart'

const point = (method: string, sizeBytes: number, sqnrDb: number | null): Alternative => ({
  method,
  sizeBytes,
  sqnrDb,
  isChosen: method === 'int8',
  why: '',
})

describe('chartLayout', () => {
  const ways = [point('int8', 250, 41), point('float16', 505, 66), point('tidy', 990, null)]
  const chart = chartLayout(ways, 1000, 560)
  const named = (name: string) => chart.points.find((p) => p.name === name)

  it('puts smaller to the left and closer to the original above', () => {
    expect(named('int8')?.x).toBeLessThan(named('float16')?.x ?? 0)
    expect(named('float16')?.y).toBeLessThan(named('int8')?.y ?? 0)
    expect(named('tidy')?.y).toBeLessThan(named('float16')?.y ?? 0)
  })

  it('keeps everything inside the frame', () => {
    for (const { x, y } of [...chart.points, ...chartLayout(ways, 1000, 280).points]) {
      expect(x).toBeGreaterThanOrEqual(chart.left)
      expect(x).toBeLessThanOrEqual(chart.right)
      expect(y).toBeGreaterThanOrEqual(chart.top)
      expect(y).toBeLessThanOrEqual(chart.bottom)
    }
  })

  it('moves labels of neighbours apart', () => {
    const [tidy, original] = [named('tidy'), named('original')]
    expect(Math.abs((tidy?.labelY ?? 0) - (original?.labelY ?? 0))).toBeGreaterThanOrEqual(15)
  })
})
