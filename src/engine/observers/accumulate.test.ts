import { describe, expect, it } from 'vitest'
import { countBins } from '../../backends/observe'
import { Random } from '../../core/random'
import { mergeStatistics, ValueAccumulator } from './accumulate'
import { BINS, binsFor, binsWith, commonBins, holds, rebinned } from './ladder'

const rangeOf = (values: ArrayLike<number>) => {
  const all = Array.from(values)
  return { min: Math.min(...all), max: Math.max(...all) }
}

function seen(samples: readonly Float32Array<ArrayBuffer>[]) {
  const accumulator = new ValueAccumulator(0.1)
  for (const values of samples) {
    accumulator.addRange(rangeOf(values))
    accumulator.makeRoom()
    accumulator.addCounts(countBins(values, accumulator.at!, BINS))
  }
  return accumulator.statistics
}

/** Asymmetric; each sample wider than the one before. */
const samples = (seed: number, scales: readonly number[]) => {
  const random = new Random(seed)
  return scales.map((scale) => Float32Array.from({ length: 701 }, () => (random.normal() + 0.4) * scale))
}
const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0)

describe('bins', () => {
  it('merge by threes, by hand', () => {
    const from = { reciprocal: 1, first: -4 }
    const to = { reciprocal: Math.fround(1 / 3), first: -2 }
    // −4 | −3 … → −4 is in −1 (−4, −3, −2), −1 … 1 are in 0, 2 … 4 in 1
    const counts = rebinned([1, 2, 4, 8, 16, 32, 64, 128, 256], from, to)
    expect([...counts.slice(0, 5)]).toEqual([0, 1 + 2 + 4, 8 + 16 + 32, 64 + 128 + 256, 0])
  })

  it('hold their range with room to grow, 2048 in use at least', () => {
    for (const [min, max] of [
      [0, 1e-30],
      [-3, 5],
      [-0.001, 0.0007],
      [-3e38, 3e38],
      [100, 110],
      [0, 6],
    ] as const) {
      const at = binsFor({ min, max })
      expect(holds(at, { min, max })).toBe(true)
      const used = (Math.max(0, max) - Math.min(0, min)) * at.reciprocal
      expect(used).toBeGreaterThan(2048)
      expect(used).toBeLessThan(BINS)
    }
    expect(binsFor({ min: 0, max: 0 })).toEqual({ reciprocal: 0, first: 0 })
  })

  it('move before they grow, and leave room where values were seen', () => {
    const positive = binsFor({ min: 0, max: 1 })
    expect(positive.first).toBe(0)
    const moved = binsWith(positive, { min: -0.01, max: 1 })
    expect(moved.reciprocal).toBe(positive.reciprocal)
    expect(moved.first).toBeLessThan(0)
    expect(binsWith(positive, { min: 0, max: 40 }).reciprocal).toBeLessThan(positive.reciprocal / 8)
  })
})

describe('statistics', () => {
  it('count every element once, in bins that grow as wider samples come', () => {
    const all = samples(3, [0.001, 0, 0.1, 7, 7000])
    const { counts, at, min, max, samples: count } = seen(all)
    const values = Float32Array.from(all.flatMap((one) => [...one]))
    expect({ min, max }).toEqual(rangeOf(values))
    expect(count).toBe(5)
    const direct = countBins(values, at!, BINS)
    // an element on the edge of a bin may fall to either side
    expect(direct.reduce((sum, one, bin) => sum + Math.abs(one - counts![bin]!), 0)).toBeLessThan(8)
    expect(total(counts!)).toBe(5 * 701)
  })

  it('do not depend on the order of the samples, but for edges of bins', () => {
    const all = samples(5, [4, 1, 0.3, 2])
    const [one, other] = [seen(all), seen([...all].reverse())]
    const at = commonBins(one.at!, other.at!, one)
    const [a, b] = [one, other].map((part) => rebinned(part.counts!, part.at!, at)) as [Float64Array, Float64Array]
    expect(a.reduce((sum, count, bin) => sum + Math.abs(count - b[bin]!), 0)).toBeLessThan(8)
  })

  it('average ranges by their rate', () => {
    const accumulator = new ValueAccumulator(0.25)
    for (const max of [4, 8, 0]) accumulator.addRange({ min: -max / 2, max })
    expect(accumulator.statistics).toMatchObject({
      averageMax: (4 * 0.75 + 8 * 0.25) * 0.75,
      averageMin: -1.875,
      samples: 3,
    })
    expect(accumulator.statistics.counts).toBeUndefined()
  })

  it('leave out samples without elements', () => {
    const accumulator = new ValueAccumulator()
    accumulator.addRange({ min: Infinity, max: -Infinity })
    expect(accumulator.statistics).toMatchObject({ min: 0, max: 0, samples: 1 })
    accumulator.addRange({ min: 2, max: 3 })
    expect(accumulator.statistics).toMatchObject({ min: 2, max: 3, averageMin: 2 })
  })

  it('merge: those of two parts are those of all', () => {
    const parts = samples(9, [0.2, 5, 1, 0.01])
    const whole = seen(parts)
    for (const cut of [1, 2, 3]) {
      const merged = mergeStatistics(seen(parts.slice(0, cut)), seen(parts.slice(cut)), 0.1)
      expect(merged).toMatchObject({ min: whole.min, max: whole.max, samples: 4 })
      expect(total(merged.counts!)).toBe(4 * 701)
      const at = commonBins(merged.at!, whole.at!, whole)
      const found = rebinned(merged.counts!, merged.at!, at)
      const all = rebinned(whole.counts!, whole.at!, at)
      expect(found.reduce((sum, count, bin) => sum + Math.abs(count - all[bin]!), 0)).toBeLessThan(8)
    }
    const last = mergeStatistics(seen(parts.slice(0, 3)), seen(parts.slice(3)), 0.1)
    expect(last.averageMax).toBeCloseTo(whole.averageMax, 12)
    const { counts: _, ...plain } = whole
    expect(mergeStatistics(plain, whole).counts).toBeUndefined()
  })

  it('merge with a part that saw nothing but zeros', () => {
    const zeros = seen([new Float32Array(12)])
    const some = seen(samples(2, [1]))
    for (const merged of [mergeStatistics(zeros, some), mergeStatistics(some, zeros)]) {
      expect(total(merged.counts!)).toBe(713)
      expect(merged.counts![-merged.at!.first]).toBeGreaterThanOrEqual(12)
    }
    expect(mergeStatistics(zeros, zeros).counts![0]).toBe(24)
  })
})
