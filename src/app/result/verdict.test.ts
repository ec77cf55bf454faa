import { describe, expect, it } from 'vitest'
import type { Alternative, Report, Speed, TaskResult } from '../../jobs/report'
import { isClearlyWorse, recipeName, slowdown } from './verdict'

const recipe = (...methods: string[]) => ({
  version: 1 as const,
  seed: 0,
  steps: methods.map((method) => ({ method, options: {} })),
})
const speed = (beforeMs: number, afterMs: number): Speed => ({
  provider: 'wasm',
  beforeMs,
  afterMs,
  beforeSpreadMs: [beforeMs, beforeMs],
  afterSpreadMs: [afterMs, afterMs],
  runs: 9,
})
const alternative = (method: string, sizeBytes: number, afterMs?: number, isChosen = false): Alternative => ({
  method,
  recipe: recipe('tidy', method),
  sizeBytes,
  sqnrDb: 60,
  isChosen,
  why: '',
  ...(afterMs !== undefined && { afterMs }),
})
const report = (speeds: Speed[], alternatives: Alternative[] = []) =>
  ({ speed: speeds, alternatives, recipe: recipe('tidy', 'weights-int8') }) as unknown as Report

describe('slowdown', () => {
  it('is silent up to ten percent', () => {
    expect(slowdown(report([speed(10, 10.9)]))).toBeNull()
    expect(slowdown(report([]))).toBeNull()
  })

  it('names the smallest way that is not slower', () => {
    const others = [
      alternative('tidy', 900, 10),
      alternative('float16', 500, 10.5),
      alternative('x', 300, 14),
      alternative('weights-int8', 250, 13, true),
    ]
    const verdict = slowdown(report([speed(10, 13)], others))
    expect(verdict?.change).toBeCloseTo(0.3)
    expect(verdict?.alternative?.method).toBe('float16')
  })

  it('names none where none is faster', () => {
    expect(slowdown(report([speed(10, 13)], [alternative('x', 5, 12)]))?.alternative).toBeNull()
  })
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
