import { describe, expect, it } from 'vitest'
import { parseLayerRules } from '../../core/layer-rules'
import { chooseTrial, upperShare, whyNot } from './budget'
import { halvesOf } from './data'
import { paretoFront } from './front'
import { rungsOf } from './halving'
import { rulesFor } from './rules'
import { distanceOf, scoreOf } from './score'
import { scoreOfNoise, trialOf } from './search-kit'

const layer = (name: string, opType = 'Conv') => ({ name, opType })

describe('rules for chosen layers', () => {
  const all = [layer('l1/conv1'), layer('l1/conv2'), layer('l10/conv1'), layer('add', 'Add'), layer('fc', 'Gemm')]

  it.each([
    [['fc'], 'fc=float'],
    [['l1/conv1', 'l1/conv2'], 'l1/conv*=float'],
    [['l1/conv1', 'l10/conv1'], 'l1/conv1=float l10/conv1=float'],
    [['l1/conv1', 'l1/conv2', 'l10/conv1'], 'type:Conv=float'],
    [['l1/conv1', 'add'], 'l1/conv1=float add=float'],
    [all.map(({ name }) => name), '*=float'],
    [[], ''],
  ])('of %j are %s', (names, text) => {
    const chosen = all.filter(({ name }) => names.includes(name))
    expect(rulesFor(chosen, 'float', all)).toBe(text)
    const kindOf = parseLayerRules(text, 'the test')
    const fitting = all.filter((one) => kindOf({ ...one, chain: [one.opType] }) === 'float')
    expect(fitting).toEqual(chosen)
  })
})

describe('the front', () => {
  it('holds what nothing beats; sizes that differ by bytes count as one', () => {
    const point = (sizeBytes: number, drop: number, distance = drop) => ({ sizeBytes, drop, distance })
    const small = point(1000, 0.03)
    const near = point(1001, 0.01)
    const large = point(2000, 0)
    const beaten = point(1500, 0.01)
    const equal = point(1001, 0.01)
    expect(paretoFront([small, near, large, beaten, equal])).toEqual([near, large])
    expect(paretoFront([point(1000, 0, 0.2), point(1000, 0, 0.1)])).toEqual([point(1000, 0, 0.1)])
  })
})

describe('budgets', () => {
  const labelled = (lost: number, ci95: [number, number], agreement: number, samples = 250) =>
    scoreOfNoise({ y: 0.01 }, { metric: 'accuracy', drop: lost, relativeDrop: lost, ci95, agreement, samples })

  it('no loss: the interval of the labels holds zero and few answers changed', () => {
    const original = 1000
    const why = (score: Parameters<typeof trialOf>[2]) =>
      whyNot({ kind: 'no-loss' }, trialOf('t', 300, score), original)
    expect(why(labelled(0.008, [-0.004, 0.02], 0.98))).toBeNull()
    expect(why(labelled(0.03, [0.008, 0.052], 0.95))).toBe('a measurable loss: accuracy falls by 0.80% to 5.20%')
    expect(why(labelled(0, [-0.03, 0.03], 0.9))).toBe('only 90.0% of the answers agree, at least 95% is asked for')
    // few samples cannot tell 7 of 8 from 95 %
    expect(why(labelled(0, [-0.2, 0.2], 7 / 8, 8))).toBeNull()
    expect(why(scoreOfNoise({ y: 0.001 }))).toBeNull()
    expect(why(scoreOfNoise({ y: 0.5 }))).toBe('output "y" is lost (3.0 dB)')
    expect(whyNot({ kind: 'no-loss' }, trialOf('t', 1000, labelled(0, [0, 0], 1)), original)).toBe(
      'not smaller (1.00 kB instead of 1.00 kB)',
    )
  })

  it('drop: relative for the likelihood, else points', () => {
    const trial = trialOf('t', 300, labelled(0.006, [0, 0.01], 0.97))
    expect(whyNot({ kind: 'drop', drop: 0.006 }, trial, 1000)).toBeNull()
    expect(whyNot({ kind: 'drop', drop: 0.005 }, trial, 1000)).toBe('accuracy falls by 0.60%, at most 0.50% is allowed')
    const nll = scoreOfNoise({ y: 0.01 }, { metric: 'nll', drop: 0.05, relativeDrop: 0.025 })
    expect(whyNot({ kind: 'drop', drop: 0.02 }, trialOf('t', 300, nll), 1000)).toBe(
      'the mean negative log-likelihood rises by 0.0500 nats (2.50%), at most 2.00% is allowed',
    )
  })

  it('chooses the closest of nearly the smallest size, and special kinds only for what they are for', () => {
    const trials = [
      trialOf('a', 3000, scoreOfNoise({ y: 0.01 })),
      trialOf('b', 3020, scoreOfNoise({ y: 0.005 })),
      trialOf('16', 3010, scoreOfNoise({ y: 1e-4 }), { use: 'fallback' }),
      trialOf('4', 2000, scoreOfNoise({ y: 0.004 }), { use: 'size' }),
      trialOf('large', 6000, scoreOfNoise({ y: 1e-6 })),
    ]
    const name = (budget: Parameters<typeof chooseTrial>[0]) => chooseTrial(budget, trials, 10_000)?.name
    expect(name({ kind: 'no-loss' })).toBe('b')
    expect(name({ kind: 'drop', drop: 0.001 })).toBe('large')
    expect(name({ kind: 'size', sizeBytes: 2500 })).toBe('4')
    expect(name({ kind: 'size', sizeBytes: 1500 })).toBeUndefined()
    expect(chooseTrial({ kind: 'drop', drop: 0.001 }, trials.slice(0, 4), 10_000)?.name).toBe('16')
  })

  it('puts what computes in integers before what merely stores them, up to a tenth more', () => {
    const made = (method: string, sizeBytes: number, noise: number) =>
      trialOf(method, sizeBytes, scoreOfNoise({ y: noise }), { steps: [{ method, options: {} }] })
    const name = (...trials: ReturnType<typeof made>[]) => chooseTrial({ kind: 'no-loss' }, trials, 10_000)?.name
    expect(name(made('weights-int8', 3000, 1e-5), made('static-int8', 3250, 1e-3))).toBe('static-int8')
    expect(name(made('weights-int8', 3000, 1e-5), made('static-int8', 3350, 1e-3))).toBe('weights-int8')
    expect(name(made('weights-int8', 3000, 1e-5), made('static-int8', 3250, 0.5))).toBe('weights-int8')
  })

  it("Wilson's interval by hand", () => {
    // (0.9 + 0.19207 + 1.96·√(0.009 + 0.009604)) / 1.38415
    expect(upperShare(0.9, 10)).toBeCloseTo(0.9821, 4)
    expect(upperShare(1, 10)).toBeCloseTo(1, 12)
  })
})

describe('halves of the calibration data', () => {
  it('are every second sample; the scoring one in a seeded order', () => {
    const { ranges, scoring } = halvesOf(9, 5, false)
    expect(ranges).toEqual([0, 2, 4, 6, 8])
    expect([...scoring].sort()).toEqual([1, 3, 5, 7])
    expect(halvesOf(9, 5, false).scoring).toEqual(scoring)
    expect(halvesOf(200, 1, false).scoring).not.toEqual(halvesOf(200, 2, false).scoring)
  })

  it('stay in order where samples are a sequence, and are one where there is one sample', () => {
    expect(halvesOf(5, 1, true)).toEqual({ ranges: [0, 1], scoring: [2, 3, 4] })
    expect(halvesOf(1, 1, false)).toEqual({ ranges: [0], scoring: [0] })
  })

  it('are scored in rounds of at least 16', () => {
    expect(rungsOf(250)).toEqual([63, 125, 250])
    expect(rungsOf(40)).toEqual([20, 40])
    expect(rungsOf(20)).toEqual([20])
  })
})

describe('scores', () => {
  it('say the drop in the unit of their metric', () => {
    const quality = { data: 'user', samples: 4, sqnrDb: 20, cosine: 1, outputs: [], providers: [] } as const
    expect(scoreOf(quality)).toMatchObject({ metric: 'sqnr', drop: 0.1, relativeDrop: 0.1 })
    expect(scoreOf({ ...quality, sqnrDb: null })).toMatchObject({ drop: 0 })
    expect(scoreOf({ ...quality, top1Agreement: 0.75 })).toMatchObject({ metric: 'agreement', drop: 0.25 })
    const task = { metric: 'nll', before: 2, after: 2.5, drop: 0.5, ci95: [0.1, 0.9] } as const
    expect(scoreOf({ ...quality, top1Agreement: 0.75, task })).toMatchObject({
      metric: 'nll',
      drop: 0.5,
      relativeDrop: 0.25,
    })
    expect(distanceOf(scoreOf({ ...quality, top1Agreement: 0.75 }))).toBeCloseTo(0.25 + 0.025, 12)
    expect(distanceOf(scoreOf(quality))).toBeCloseTo(0.1, 12)
  })
})
