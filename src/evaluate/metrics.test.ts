import { describe, expect, it } from 'vitest'
import { float32Tensor } from '../core/tensor'
import { tensorOf } from '../testing/build-model'
import { GroupedMean, pairedAccuracyInterval } from './interval'
import {
  areProbabilities,
  argmax,
  findClassAxis,
  negativeLogLikelihood,
  OutputDifference,
  worseSqnr,
  WORST_SQNR_DB,
} from './metrics'

const difference = (x: number[], y: number[]) => {
  const result = new OutputDifference()
  result.add(float32Tensor([x.length], Float32Array.from(x)), float32Tensor([y.length], Float32Array.from(y)))
  return result
}

describe('OutputDifference', () => {
  it('gives the decibels, cosine and largest error of a hand example', () => {
    // Σx² = 9+16+144 = 169, Σ(x−y)² = 1+0+4 = 5, Σxy = 6+16+168 = 190 (3·2 + 4·4 + 12·14), Σy² = 4+16+196 = 216
    const result = difference([3, -4, 12], [2, -4, 14])
    expect(result.sqnrDb).toBeCloseTo(10 * Math.log10(169 / 5), 12)
    expect(result.sqnrDb).toBeCloseTo(15.28917, 5)
    expect(result.cosine).toBeCloseTo(190 / Math.sqrt(169 * 216), 12)
    expect(result.maxAbsError).toBe(2)
    expect(result.isIdentical).toBe(false)
  })

  it('sums over batches', () => {
    const whole = difference([1, 2, 3, 4, 5], [1, 2.5, 3, 4, 4])
    const parts = difference([1, 2], [1, 2.5])
    parts.addNumbers([3, 4, 5], [3, 4, 4])
    expect(parts.sqnrDb).toBe(whole.sqnrDb)
    expect(parts.cosine).toBe(whole.cosine)
    expect(parts.count).toBe(5)
  })

  it('has no decibels for identical outputs', () => {
    const result = difference([1.5, -2], [1.5, -2])
    expect([result.sqnrDb, result.cosine, result.maxAbsError, result.isIdentical]).toEqual([null, 1, 0, true])
  })

  it('tells a changed sign of zero from identity', () => {
    const result = difference([0, 1], [-0, 1])
    expect([result.sqnrDb, result.isIdentical]).toEqual([null, false])
  })

  it('claims nothing where both models give nothing but NaN or infinity', () => {
    const result = difference([NaN, -Infinity], [NaN, -Infinity])
    expect(result).toMatchObject({ mute: 2, count: 2, nonFinite: 0, sqnrDb: WORST_SQNR_DB, cosine: 0 })
  })

  it('takes NaN and infinities as equal where both have them', () => {
    const result = difference([NaN, Infinity, 2], [NaN, Infinity, 2])
    expect([result.sqnrDb, result.nonFinite, result.isIdentical]).toEqual([null, 0, true])
  })

  it.each([
    [
      [1, 2],
      [1, NaN],
    ],
    [
      [1, NaN],
      [1, 2],
    ],
    [
      [1, 2],
      [Infinity, 2],
    ],
    [
      [Infinity, 2],
      [-Infinity, 2],
    ],
  ])('fails where %j and %j are not finite in the same places', (x, y) => {
    const result = difference(x, y)
    expect([result.sqnrDb, result.cosine, result.nonFinite]).toEqual([WORST_SQNR_DB, 0, 1])
  })

  it('has a finite worst for noise without signal', () => {
    const result = difference([0, 0], [0, 0.5])
    expect([result.sqnrDb, result.cosine]).toEqual([WORST_SQNR_DB, 0])
  })

  it('compares integers and strings', () => {
    const integers = new OutputDifference()
    integers.add(tensorOf('int64', [3], [5, -7, 9]), tensorOf('int64', [3], [5, -7, 8]))
    expect(integers.maxAbsError).toBe(1)
    const text = new OutputDifference()
    const words = (strings: string[]) => ({ dtype: 'string' as const, shape: [2], data: new Uint8Array(0), strings })
    text.add(words(['a', 'b']), words(['a', 'c']))
    expect([text.isIdentical, text.nonFinite]).toEqual([false, 1])
  })

  it('calls another dtype with equal values not identical', () => {
    const result = new OutputDifference()
    result.add(tensorOf('int64', [1], [3]), tensorOf('int32', [1], [3]))
    expect([result.sqnrDb, result.isIdentical]).toEqual([null, false])
  })
})

describe('worseSqnr', () => {
  it('takes null as infinite', () => {
    expect([worseSqnr(null, 3), worseSqnr(3, null), worseSqnr(null, null), worseSqnr(4, 3)]).toEqual([3, 3, null, 3])
  })
})

describe('findClassAxis', () => {
  it.each([
    [[7, 10], [], 7, { outer: 7, classes: 10, inner: 1 }],
    [[3, 5, 512], [5], 3, { outer: 15, classes: 512, inner: 1 }],
    [[2, 1000, 1, 1], [], 2, { outer: 2, classes: 1000, inner: 1 }],
    [[2, 4, 5, 7], [5, 7], 2, { outer: 2, classes: 4, inner: 35 }],
    [[1, 10], [], 1, { outer: 1, classes: 10, inner: 1 }],
    [[2, 4, 4], [4], 2, { outer: 8, classes: 4, inner: 1 }],
    [[2, 3, 1], [1], 2, { outer: 2, classes: 3, inner: 1 }],
  ])('finds it in %j for labels %j of %d samples', (output, labels, samples, layout) => {
    expect(findClassAxis(output, labels, samples)).toEqual(layout)
  })

  it.each([
    [[7, 1], [], 7],
    [[7], [], 7],
    [[7, 10], [], 6],
    [[7, 10, 3], [], 7],
  ])('finds none in %j for labels %j of %d samples', (output, labels, samples) => {
    expect(findClassAxis(output, labels, samples)).toBeUndefined()
  })
})

describe('class scores', () => {
  it('takes the first of equal maxima, along any axis, and no class for NaN', () => {
    expect([...argmax([1, 5, 5, 2, 0, NaN], { outer: 2, classes: 3, inner: 1 })]).toEqual([1, -1])
    // [1, 3, 2]: columns (1, 5, 0) and (4, 2, 9)
    expect([...argmax([1, 4, 5, 2, 0, 9], { outer: 1, classes: 3, inner: 2 })]).toEqual([1, 2])
  })

  it('tells probabilities from logits', () => {
    const layout = { outer: 2, classes: 2, inner: 1 }
    expect(areProbabilities([0.25, 0.75, 1, 0], layout)).toBe(true)
    expect(areProbabilities([0.25, 0.75, 1.5, -0.5], layout)).toBe(false)
    expect(areProbabilities([0.25, 0.75, 1, 1], layout)).toBe(false)
    expect(areProbabilities([0.25, 0.75, NaN, 1], layout)).toBe(false)
  })

  it('gives the negative log-likelihood of probabilities and of logits', () => {
    const layout = { outer: 1, classes: 3, inner: 1 }
    expect(negativeLogLikelihood([0.2, 0.5, 0.3], layout, [0, 0], 1, true)).toBeCloseTo(Math.log(2), 12)
    // e^ln2 = 2, e^0 = 1, e^ln5 = 5: p = 5/8
    const logits = [Math.log(2), 0, Math.log(5)]
    expect(negativeLogLikelihood(logits, layout, [0, 0], 2, false)).toBeCloseTo(Math.log(8 / 5), 12)
    expect(negativeLogLikelihood([1000, 0, -1000], layout, [0, 0], 1, false)).toBe(1000)
    expect(negativeLogLikelihood([1, 0, 0], layout, [0, 0], 1, true)).toBeCloseTo(149 * Math.log(2), 9)
  })
})

describe('pairedAccuracyInterval', () => {
  it('gives the values computed by hand', () => {
    // lost 12, gained 4, n = 100: b = 12.5, c = 4.5, n* = 102; drop = 8/102; var = (17 − 64/102) / 102²
    const [low, high] = pairedAccuracyInterval(12, 4, 100)
    expect(low).toBeCloseTo(0.0784314 - 0.077751, 6)
    expect(high).toBeCloseTo(0.0784314 + 0.077751, 6)
  })

  it('keeps a width where nothing changed, and shrinks with more samples', () => {
    const [low, high] = pairedAccuracyInterval(0, 0, 98)
    expect(high).toBeCloseTo(0.01959964, 8)
    expect(low).toBe(-high)
    expect(pairedAccuracyInterval(0, 0, 998)[1]).toBeCloseTo(0.001959964, 9)
  })
})

describe('GroupedMean', () => {
  it('is mean ± 1.96 s/√n for groups of one size', () => {
    const groups = new GroupedMean()
    // two values each; means 1, 2, 6: mean 3, s² = (4+1+9)/2 = 7
    for (const mean of [1, 2, 6]) groups.add(2 * mean, 2)
    const spread = 1.959963984540054 * Math.sqrt(7 / 3)
    expect(groups.mean).toBe(3)
    expect(groups.interval[0]).toBeCloseTo(3 - spread, 12)
    expect(groups.interval[1]).toBeCloseTo(3 + spread, 12)
  })

  it('weights groups by their size and ignores empty ones', () => {
    const groups = new GroupedMean()
    groups.add(3, 1)
    groups.add(0, 0)
    groups.add(3, 5)
    expect(groups.mean).toBe(1)
    expect(groups.groups).toBe(2)
  })
})
