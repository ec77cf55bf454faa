import { describe, expect, it } from 'vitest'
import { bootstrapInterval, mcnemarP, wilsonInterval } from './certainty'

// expected values: scripts/references/certainty.py

describe('McNemar’s exact test', () => {
  it.each([
    [0, 0, 1],
    [1, 0, 1],
    [5, 1, 0.21875],
    [10, 2, 0.03857421875],
    [12, 30, 0.007915897334896727],
    [7, 7, 1],
    [120, 80, 0.005685155996750306],
    [3000, 2800, 0.00896943600119357],
  ])('%d lost, %d gained: p = %d, as scipy has it', (lost, gained, p) => {
    expect(mcnemarP(lost, gained)).toBeCloseTo(p, 10)
    expect(mcnemarP(gained, lost)).toBe(mcnemarP(lost, gained))
  })
})

describe('Wilson’s interval', () => {
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [9, 10, 0.5958499732047615, 0.9821237869049271],
    [10, 10, 0.7224672001371109, 1],
    [1970, 2000, 0.9786675621742915, 0.9894729019628934],
    [222, 240, 0.8845739334081343, 0.9520352346415407],
  ])('%d of %d, as scipy has it', (hits, n, low, high) => {
    const [found, other] = wilsonInterval(hits, n)
    expect(found).toBeCloseTo(low, 12)
    expect(other).toBeCloseTo(high, 12)
  })

  it('is everything without observations', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1])
  })
})

describe('the paired bootstrap', () => {
  const drops = [...Array<number>(9).fill(1), ...Array<number>(3).fill(-1), ...Array<number>(188).fill(0)]
  const ones = drops.map(() => 1)

  it('finds scipy’s interval of samples, up to the luck of drawing', () => {
    const { interval, resamples, seed } = bootstrapInterval(drops, ones)!
    expect([resamples, seed]).toEqual([10_000, 0])
    // -0.005, 0.065 by scipy; a sample is 0.005
    expect(Math.abs(interval[0] - -0.005)).toBeLessThanOrEqual(0.005)
    expect(Math.abs(interval[1] - 0.065)).toBeLessThanOrEqual(0.005)
  })

  it('keeps groups together', () => {
    const sums = [0, 2, 1, 0, 3, 0, -1, 0, 1, 0, 4, 0.5]
    const counts = [4, 5, 3, 4, 6, 2, 3, 4, 5, 2, 7, 3]
    const [low, high] = bootstrapInterval(sums, counts)!.interval
    expect(Math.abs(low - 0.0455)).toBeLessThan(0.01)
    expect(Math.abs(high - 0.3627)).toBeLessThan(0.01)
  })

  it('gives the same numbers for the same seed, and others for another', () => {
    const values = Array.from({ length: 40 }, (_, i) => Math.sin(i * i))
    const counts = values.map(() => 1)
    const one = bootstrapInterval(values, counts, { resamples: 500 })
    expect(bootstrapInterval(values, counts, { resamples: 500 })).toEqual(one)
    expect(bootstrapInterval(values, counts, { resamples: 500, seed: 5 })!.interval).not.toEqual(one!.interval)
  })

  it('has no width where nothing changed, and is none for one group', () => {
    expect(bootstrapInterval([0, 0, 0], [1, 1, 1])!.interval).toEqual([0, 0])
    expect(bootstrapInterval([1], [1])).toBeUndefined()
  })

  it('draws less often where there are very many samples', () => {
    const many = Array<number>(8000).fill(0)
    expect(bootstrapInterval(many, many)!.resamples).toBe(2500)
  })
})
