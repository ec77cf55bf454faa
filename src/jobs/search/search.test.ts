import { describe, expect, it } from 'vitest'
import type { Budget } from '../report'
import { chooseTrial } from './budget'
import { search, type SearchPlan } from './search'
import { MadeUpRunner, type MadeUpLayer } from './search-kit'
import type { TrialSpec } from './trial'

const observer = (name: string): TrialSpec => ({
  name: `static-int8, ${name}`,
  steps: [{ method: 'static-int8', options: { observer: name } }],
})
const FIXED: TrialSpec[] = [
  { name: 'weights-int8', steps: [{ method: 'weights-int8', options: {} }] },
  { name: 'tidy', steps: [] },
]
const OBSERVERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(observer)
const layers: MadeUpLayer[] = [
  { name: 'conv1', floatBytes: 400, noise: 1e-4 },
  { name: 'conv2', floatBytes: 40_000, noise: 1e-5 },
  { name: 'conv3', floatBytes: 4000, noise: 4e-3 },
  { name: 'fc', floatBytes: 8000, noise: 2e-4 },
]
const originalBytes = 1000 + 52_400
const plan = (budget: Budget): SearchPlan => ({ fixed: FIXED, observers: OBSERVERS, budget, originalBytes })
/** 'f' is the best observer, 'c' the worst. */
const factor = ({ steps: [step] }: TrialSpec) =>
  ({ c: 40, f: 0.5 })[String(step?.options.observer)] ?? 1 + (0.1 * String(step?.options.observer).charCodeAt(0)) / 100

describe('the search', () => {
  it('halves the observers and follows the best of them', async () => {
    const runner = new MadeUpRunner(layers, { samples: 100, factor })
    const { trials, dropped } = await search(runner, plan({ kind: 'no-loss' }))
    const rounds = (samples: number) =>
      runner.ran.filter((r) => r.samples === samples && /^static-int8, .$/.test(r.name))
    expect(rounds(25)).toHaveLength(8)
    expect(rounds(50)).toHaveLength(4)
    expect(rounds(100)).toHaveLength(2)
    expect(dropped).toHaveLength(6)
    expect(dropped.map(({ name }) => name)).toContain('static-int8, c')
    const mixed = trials.filter(({ name }) => name.includes(' layer'))
    expect(mixed.length).toBeGreaterThan(0)
    expect(mixed.every(({ name }) => name.startsWith('static-int8, f'))).toBe(true)
  })

  it('scores all at once where a round would have next to no samples', async () => {
    const runner = new MadeUpRunner(layers, { samples: 30, factor })
    const { dropped } = await search(runner, plan({ kind: 'no-loss' }))
    expect(dropped).toEqual([])
    expect(new Set(runner.ran.map(({ samples }) => samples))).toEqual(new Set([30]))
  })

  it.each([1, 2, 3, 5, 9, 24])('makes at most %i trials', async (maxTrials) => {
    const runner = new MadeUpRunner(layers, { maxTrials, factor })
    const { trials } = await search(runner, plan({ kind: 'drop', drop: 0 }))
    expect(new Set(runner.ran.map(({ name }) => name)).size).toBeLessThanOrEqual(maxTrials)
    expect(trials.some(({ name }) => name.startsWith('static-int8'))).toBe(true)
  })

  it('spares the most sensitive layer first where the plain result breaks a budget of drop', async () => {
    const runner = new MadeUpRunner(layers)
    const { trials } = await search(runner, plan({ kind: 'drop', drop: 1e-3 }))
    const chosen = chooseTrial({ kind: 'drop', drop: 1e-3 }, trials, originalBytes)
    expect(chosen?.steps[0]?.options.layers).toBe('conv3=float')
    expect(chosen?.score.drop).toBeLessThanOrEqual(1e-3)
    // everything that was smaller broke it
    for (const { sizeBytes, score, use } of trials) {
      if (sizeBytes < 0.98 * chosen!.sizeBytes && !use) expect(score.drop).toBeGreaterThan(1e-3)
    }
  })

  it('comes down to a budget of size with 4-bit weights of the least sensitive layers, and not further', async () => {
    const budget = { kind: 'size', sizeBytes: 10_000 } as const
    const runner = new MadeUpRunner(layers)
    const { trials } = await search(runner, plan(budget))
    const chosen = chooseTrial(budget, trials, originalBytes)
    expect(chosen?.sizeBytes).toBeLessThanOrEqual(10_000)
    expect(chosen?.steps[0]?.options.layers).toBe('conv2=4')
  })

  it('keeps to layers of 8 bits where a budget of size is kept already', async () => {
    const runner = new MadeUpRunner(layers)
    await search(runner, plan({ kind: 'size', sizeBytes: 20_000 }))
    expect(runner.scans).toEqual(['8'])
  })

  it('puts a head that falls off back to float, and says so', async () => {
    const heads: MadeUpLayer[] = [
      { name: 'body', floatBytes: 20_000, noise: 1e-4, output: 'scores' },
      { name: 'scores_head', floatBytes: 900, noise: 0, output: 'scores' },
      { name: 'boxes_head', floatBytes: 1200, noise: 0.5, output: 'boxes' },
    ]
    const runner = new MadeUpRunner(heads)
    const { trials, notes } = await search(runner, { ...plan({ kind: 'no-loss' }), originalBytes: 23_100 })
    expect(notes).toEqual([
      {
        severity: 'info',
        text: 'Output "boxes" falls to 3.0 dB in integers, so the layers that it ends in stay in float (identical): boxes_head.',
      },
    ])
    const chosen = chooseTrial({ kind: 'no-loss' }, trials, 23_100)
    expect(chosen?.steps[0]?.options.layers).toContain('boxes_head=float')
    const mixed = trials.filter(({ name }) => /head of boxes in float, .* 16 bits/.test(name))
    expect(mixed.length).toBeGreaterThan(0)
    expect(mixed.every(({ steps }) => String(steps[0]?.options.layers).endsWith('boxes_head=float'))).toBe(true)
  })

  it('leaves a head alone that float does not help', async () => {
    const stubborn = new MadeUpRunner([
      { name: 'body', floatBytes: 20_000, noise: 0.4, output: 'y' },
      { name: 'head', floatBytes: 900, noise: 1e-6, output: 'y' },
    ])
    const { notes } = await search(stubborn, plan({ kind: 'no-loss' }))
    expect(notes).toEqual([])
  })

  it('decides the same every time', async () => {
    const names = async () => {
      const runner = new MadeUpRunner(layers, { factor })
      await search(runner, plan({ kind: 'no-loss' }))
      return runner.ran
    }
    expect(await names()).toEqual(await names())
  })
})
