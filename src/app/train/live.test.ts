import { expect, it } from 'vitest'
import type { TrainingEvent } from '../../jobs/train/request'
import { Live } from './live.svelte'

const event = (change: Partial<TrainingEvent>): TrainingEvent => ({
  ...{ kind: 'mlp', layers: [4], run: 0, runs: 2, seed: 0, epoch: 0, epochs: 10, step: 0, stepsPerEpoch: 5 },
  history: [],
  ...change,
})

it('keeps the newest curves of each run, and how far the whole is never falls', () => {
  const live = new Live()
  expect([live.current, live.stage, live.overall]).toEqual([null, null, 0])
  live.hear({ kind: 'curves', event: event({ step: 25, epoch: 5 }) })
  expect(live.overall).toBeCloseTo(0.97 * 0.25, 6)
  live.hear({ kind: 'curves', event: event({ step: 30, epoch: 6 }) })
  live.hear({ kind: 'curves', event: event({ run: 1, step: 0 }) })
  expect(live.runs.map(({ run, epoch }) => [run, epoch])).toEqual([
    [0, 6],
    [1, 0],
  ])
  const before = live.overall
  live.hear({ kind: 'stage', progress: { stage: 'write', done: 0, total: 1, unit: 'items' } })
  expect([live.overall, live.stage]).toEqual([before, 'write'])
})

it('speaks of silence until something is heard', () => {
  const live = new Live()
  live.silent(21_000)
  expect(live.silentMs).toBe(21_000)
  live.hear({ kind: 'curves', event: event({}) })
  expect(live.silentMs).toBeNull()
  live.restart()
  expect([live.runs, live.overall]).toEqual([[], 0])
})
