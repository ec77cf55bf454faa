import { describe, expect, it } from 'vitest'
import type { TaskResult } from '../../jobs/report'
import { isClearlyWorse, recipeName } from './verdict'

const recipe = (...methods: string[]) => ({
  version: 1 as const,
  seed: 0,
  steps: methods.map((method) => ({ method, options: {} })),
})

describe('isClearlyWorse', () => {
  const task = (drop: number, low: number, high: number): TaskResult => ({
    metric: 'accuracy',
    before: 0.9,
    after: 0.9 - drop,
    drop,
    ci95: [low, high],
  })
  it('asks for an interval above zero', () => {
    expect(isClearlyWorse(task(0.02, 0.005, 0.035))).toBe(true)
    expect(isClearlyWorse(task(0.02, -0.001, 0.041))).toBe(false)
    expect(isClearlyWorse(task(-0.02, -0.03, -0.01))).toBe(false)
    expect(isClearlyWorse(undefined)).toBe(false)
  })
})

it('names a result by what changed it', () => {
  expect(recipeName(recipe('tidy', 'weights-int8'))).toBe('weights-int8')
  expect(recipeName(recipe('tidy'))).toBe('tidy')
})
