import { expect, it } from 'vitest'
import type { Progress } from '../core/progress'
import type { TrainingEvent } from '../jobs/train/request'
import { throttleProgress, throttleTraining } from './throttle'

it('passes ten calls a second, the first of each stage and the last', () => {
  let clock = 0
  const seen: string[] = []
  const report = throttleProgress(
    ({ stage, done }) => seen.push(`${stage} ${done}`),
    () => clock,
  )
  const step = (stage: string, done: number): Progress => ({ stage, done, total: 40, unit: 'items' })
  for (let i = 0; i <= 40; i++, clock += 9) report(step('read', i))
  report(step('write', 0))
  expect(seen).toEqual(['read 0', 'read 12', 'read 24', 'read 36', 'read 40', 'write 0'])
})

it('passes every trial, however close they are', () => {
  const seen: unknown[] = []
  const report = throttleProgress(
    ({ trial }) => seen.push(trial?.name),
    () => 0,
  )
  const step = { stage: 'search', done: 1, total: 40, unit: 'items' } as const
  report(step)
  report(step)
  for (const name of ['a', 'b']) report({ ...step, trial: { name, sizeBytes: 1, metric: 'accuracy', drop: 0 } })
  expect(seen).toEqual([undefined, 'a', 'b'])
})

it('passes ten events of a training a second, and the last of each run', () => {
  let clock = 0
  const seen: string[] = []
  const { report, flush } = throttleTraining(
    ({ run, epoch }) => seen.push(`${run}: ${epoch}`),
    () => clock,
  )
  for (let run = 0; run < 2; run++) {
    for (let epoch = 0; epoch < 20; epoch++, clock += 9) report({ run, epoch } as TrainingEvent)
  }
  flush()
  flush()
  expect(seen).toEqual(['0: 0', '0: 12', '0: 19', '1: 4', '1: 16', '1: 19'])
})
