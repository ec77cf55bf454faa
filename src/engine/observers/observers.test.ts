import { describe, expect, it } from 'vitest'
import { countBins } from '../../backends/observe'
import type { IntegerType } from '../quantize/integers'
import { chooseRange, needsCounts } from './index'
import { BINS, binsFor } from './ladder'
import type { ValueStatistics } from './observer'
import fixture from './observers.fixture.json'

const INT8: IntegerType = { bits: 8, isSigned: true, scheme: 'symmetric' }
const UINT8: IntegerType = { bits: 8, isSigned: false, scheme: 'asymmetric' }

function statisticsOf(values: readonly number[]): ValueStatistics {
  const floats = Float32Array.from(values)
  const [min, max] = [floats.reduce((a, b) => Math.min(a, b)), floats.reduce((a, b) => Math.max(a, b))]
  const at = binsFor({ min, max })
  const counts = Float64Array.from(countBins(floats, at, BINS))
  return { samples: 1, min, max, averageMin: min, averageMax: max, counts, at }
}

/** As scripts/references/observers.py makes them. */
const DISTRIBUTIONS: Readonly<Record<keyof typeof fixture.distributions, (u: number) => number>> = {
  laplace: (u) => (u < 0.5 ? Math.log(2 * u) : -Math.log(2 * (1 - u))),
  logistic: (u) => Math.log(u / (1 - u)) - 0.7,
  exponential: (u) => -Math.log(1 - u),
  relu: (u) => Math.max(0, Math.log(u / (1 - u))),
  heavy: (u) => (u < 0.5 ? -1 : 1) * ((1 - Math.abs(2 * u - 1)) ** -0.5 - 1),
}
const valuesOf = (inverse: (u: number) => number) =>
  Array.from({ length: fixture.n }, (_, i) => inverse((i + 0.5) / fixture.n))

/** Σ|x − x̂|^p over the values themselves. */
function errorOf(
  values: readonly number[],
  type: 'int8' | 'uint8',
  [min, max]: readonly [number, number],
  power: number,
) {
  const [low, high] = [Math.min(0, min), Math.max(0, max)]
  const scale = type === 'int8' ? Math.max(-low, high) / 127 : (high - low) / 255
  const zero = type === 'int8' ? 0 : Math.round(-low / scale)
  const [least, most] = type === 'int8' ? [-127, 127] : [-zero, 255 - zero]
  return values.reduce((sum, value) => {
    const x = Math.fround(value)
    const back = Math.min(most, Math.max(least, Math.round(x / scale))) * scale
    return sum + Math.abs(x - back) ** power
  }, 0)
}

describe.each(Object.keys(DISTRIBUTIONS) as (keyof typeof DISTRIBUTIONS)[])('ranges of values that are %s', (name) => {
  const frozen = fixture.distributions[name]
  const values = valuesOf(DISTRIBUTIONS[name])
  const statistics = statisticsOf(values)
  const width = 1 / statistics.at!.reciprocal

  it('min-max is what was seen', () => {
    const range = chooseRange(statistics, INT8, { kind: 'min-max' })
    expect(range.min).toBeCloseTo(frozen.min, 5)
    expect(range.max).toBeCloseTo(frozen.max, 5)
    expect(range.clipped).toBe(0)
  })

  it('percentile is that of |x|, as NumPy finds it, to within a bin', () => {
    for (const [share, expected] of Object.entries(frozen.percentile)) {
      const { min, max, clipped } = chooseRange(statistics, UINT8, { kind: 'percentile', share: Number(share) })
      // between two elements far apart NumPy interpolates
      expect(max).toBeGreaterThan(expected * 0.999)
      expect(max).toBeLessThan(Math.min(frozen.max, expected * 1.04) + width)
      expect(min).toBeCloseTo(Math.max(frozen.min, -max), 4)
      expect(clipped).toBeLessThanOrEqual(1 - Number(share) + 1e-12)
    }
  })

  it('mse has the error of the best of 2000 thresholds, tried on the values themselves', () => {
    for (const [power, { error }] of Object.entries(frozen.int8)) {
      const { min, max } = chooseRange(statistics, INT8, { kind: 'mse', power: Number(power) })
      expect(errorOf(values, 'int8', [min, max], Number(power))).toBeLessThan(error * 1.005)
    }
    const { min, max } = chooseRange(statistics, UINT8, { kind: 'mse', power: 2 })
    expect(errorOf(values, 'uint8', [min, max], 2)).toBeLessThan(frozen.uint8[2].error * 1.005)
  })

  it('histogram is no worse, since it moves each end', () => {
    for (const [type, kind] of [
      [INT8, 'int8'],
      [UINT8, 'uint8'],
    ] as const) {
      const { min, max } = chooseRange(statistics, type, { kind: 'histogram' })
      expect(errorOf(values, kind, [min, max], 2)).toBeLessThan(frozen[kind][2].error * 1.002)
    }
  })

  it("entropy is that of Migacz's loop, to within a flat minimum", () => {
    const { min, max } = chooseRange(statistics, INT8, { kind: 'entropy' })
    expect(Math.abs(Math.max(-min, max) / frozen.entropy - 1)).toBeLessThan(0.1)
  })
})

describe('ranges', () => {
  const bulk = Array.from({ length: 20_000 }, (_, i) => Math.sin(i) + Math.sin(1.7 * i) + Math.sin(2.3 * i))

  it('of an outlier: all but min-max cut it off', () => {
    const statistics = statisticsOf([...bulk, 30])
    expect(chooseRange(statistics, UINT8, { kind: 'min-max' }).max).toBe(30)
    for (const choice of [
      { kind: 'percentile', share: 0.999 },
      { kind: 'entropy' },
      { kind: 'mse', power: 2 },
      { kind: 'histogram' },
    ] as const) {
      const { max, clipped } = chooseRange(statistics, INT8, choice)
      // one element of 20 000 costs little when it is cut, and less when the square of its error counts
      expect(max, choice.kind).toBeLessThan(choice.kind === 'entropy' || choice.kind === 'percentile' ? 12 : 29)
      expect(max, choice.kind).toBeGreaterThan(2)
      expect(clipped).toBeGreaterThan(0)
    }
  })

  it('of even data: nothing is gained by cutting', () => {
    const even = statisticsOf(Array.from({ length: 30_001 }, (_, i) => (i - 15_000) / 5000))
    for (const choice of [{ kind: 'entropy' }, { kind: 'mse', power: 2 }, { kind: 'histogram' }] as const) {
      const { min, max } = chooseRange(even, INT8, choice)
      expect(max, choice.kind).toBeGreaterThan(2.97)
      expect(min, choice.kind).toBeLessThan(-2.97)
    }
  })

  it('of data of one sign, and of a short tail beside a long one: only the far side is cut', () => {
    const silu = statisticsOf(bulk.map((x) => (3 * x) / (1 + Math.exp(-3 * x))))
    const { min, max } = chooseRange(silu, UINT8, { kind: 'percentile', share: 0.99 })
    expect(min).toBe(silu.min)
    expect(max).toBeLessThan(silu.max)
    const negative = statisticsOf(bulk.map((x) => -Math.abs(x)))
    const cut = chooseRange(negative, UINT8, { kind: 'percentile', share: 0.99 })
    expect(cut.max).toBe(negative.max)
    expect(cut.min).toBeGreaterThan(negative.min)
  })

  it('of zeros from ReLU: as many as there are, they do not draw the entropy to them', () => {
    const positive = bulk.map((x) => Math.abs(x) + 0.01)
    const [some, many] = [0, 60_000].map((zeros) => statisticsOf([...positive, ...new Array<number>(zeros).fill(0)]))
    const [a, b] = [some!, many!].map((statistics) => chooseRange(statistics, UINT8, { kind: 'entropy' }).max)
    expect(b! / a!).toBeCloseTo(1, 1)
  })

  it('of a background that is most of what was seen: the entropy does not end at it', () => {
    const digits = [...bulk.map((x) => 1.2 + x / 2), ...new Array<number>(80_000).fill(-0.4242)]
    const { min, max } = chooseRange(statisticsOf(digits), UINT8, { kind: 'entropy' })
    expect(min).toBeLessThan(-0.2)
    expect(max).toBeGreaterThan(2)
  })

  it('of nothing but zeros, of one number, of no elements', () => {
    for (const kind of ['min-max', 'entropy', 'histogram'] as const) {
      expect(chooseRange(statisticsOf([0, 0, 0]), INT8, { kind })).toMatchObject({ min: 0, max: 0 })
      expect(chooseRange(statisticsOf([5.5, 5.5]), INT8, { kind }).max).toBeCloseTo(5.5, 1)
      const none = { samples: 0, min: 0, max: 0, averageMin: 0, averageMax: 0 }
      expect(chooseRange(none, INT8, { kind })).toEqual({ min: 0, max: 0 })
    }
  })

  it('of 16 bits: steps finer than bins, so that nothing is cut', () => {
    const wide: IntegerType = { bits: 16, isSigned: true, scheme: 'symmetric' }
    const statistics = statisticsOf([...bulk, 6])
    expect(chooseRange(statistics, wide, { kind: 'mse', power: 2 }).max).toBeGreaterThan(5.9)
  })

  it('are float32 numbers; moving averages need no counts', () => {
    const statistics = { samples: 3, min: -1, max: 2, averageMin: -0.1, averageMax: 0.7 }
    const range = chooseRange(statistics, INT8, { kind: 'moving-average', rate: 0.1 })
    expect(range).toEqual({ min: Math.fround(-0.1), max: Math.fround(0.7) })
    expect(needsCounts({ kind: 'moving-average', rate: 0.1 })).toBe(false)
    expect(needsCounts({ kind: 'entropy' })).toBe(true)
  })
})
