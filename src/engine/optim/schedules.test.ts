import { describe, expect, it } from 'vitest'
import { constant, cosine, oneCycle, plateau, stepwise, warmUp, type Schedule } from './index'
import frozen from './optimizers.fixture.json'

type Name = keyof typeof frozen.rates
const SCHEDULES: Record<Name, Schedule> = {
  step: stepwise({ size: 3, gamma: 0.5, every: 'step' }),
  cosine: cosine({ floor: 0.05 }),
  'warm-up': warmUp({ steps: 4, from: 0.25 }),
  'warm-up, cosine': warmUp({ steps: 4, from: 0.1, then: cosine() }),
  'one-cycle': oneCycle(),
  'one-cycle, line': oneCycle({ rising: 0.4, startFactor: 10, endFactor: 100, shape: 'line' }),
  plateau: plateau({ factor: 0.5, patience: 2 }),
  'plateau, cooldown': plateau({ factor: 0.3, patience: 1, cooldown: 3, threshold: 0.05, floor: 0.05 }),
}

describe('schedules', () => {
  it.each(Object.keys(SCHEDULES) as Name[])('%s gives the rates of PyTorch', (name) => {
    const expected = frozen.rates[name]
    const about = { base: 0.4, totalSteps: expected.length, stepsPerEpoch: 1 }
    const found = expected.map((_, step) =>
      SCHEDULES[name].rate(step, { ...about, validation: frozen.validation.slice(0, step) }),
    )
    found.forEach((rate, step) => expect(rate, `step ${step}`).toBeCloseTo(expected[step]!, 8))
  })

  it('counts epochs where it is told to', () => {
    const about = { base: 1, totalSteps: 20, stepsPerEpoch: 5, validation: [] }
    const byEpoch = stepwise({ size: 2 })
    expect([4, 9, 10, 19].map((step) => byEpoch.rate(step, about))).toEqual([1, 1, 0.1, 0.1])
    expect(cosine({ every: 'epoch' }).rate(14, about)).toBeCloseTo(0.5, 12)
    expect(constant().rate(17, about)).toBe(1)
  })

  it('says its name, and refuses lengths that are none', () => {
    expect(warmUp({ steps: 3, then: cosine() }).name).toBe('warm-up, cosine')
    expect(warmUp({ steps: 3 }).name).toBe('warm-up')
    expect(() => stepwise({ size: 0 })).toThrow('step: size should be a whole number above 0 and is 0.')
    expect(() => warmUp({ steps: 1.5 })).toThrow('warm-up: steps should be a whole number above 0 and is 1.5.')
  })
})
