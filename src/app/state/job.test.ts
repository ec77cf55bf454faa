import { describe, expect, it } from 'vitest'
import type { InspectReport } from '../../jobs/inspect'
import type { ModelFiles } from '../../workers/job-api'
import type { RestoredJob } from '../../workers/store-api'
import { Job, type JobResult } from './job.svelte'

const files: ModelFiles = [
  { path: 'm.onnx', file: new File(['model'], 'm.onnx') },
  { path: 'm.onnx.data', file: new File(['weights'], 'm.onnx.data') },
]
const inspection = { version: 1, file: { name: 'm.onnx', sha256: null } } as InspectReport
const result = { report: {}, files: [], resultId: null, data: null } as unknown as JobResult

const restored = (change: Partial<RestoredJob> = {}): RestoredJob => ({
  id: '0b5c0f0e-0000-4000-8000-000000000000',
  createdAt: 0,
  phase: 'running',
  recipe: 'auto',
  attempts: 1,
  resultIds: [],
  files,
  expected: files.map(({ path, file }) => ({ path, sizeBytes: file.size })),
  data: null,
  lostData: null,
  ...change,
})

it('a card of a stored result knows only what all its files weigh together', () => {
  const job = new Job(restored({ files: null, expected: [{ path: 'm.onnx', sizeBytes: 5 + 7 }] }))
  expect(job.isWaitingFor([files[0]])).toBe(false)
  expect(job.isWaitingFor(files)).toBe(true)
})

describe('what is asked of a job', () => {
  it('changes as one, and comes back as one', () => {
    const job = new Job(files)
    const budget = { kind: 'drop', drop: 0.01 } as const
    const calibrate = { name: 'calib.npz', files: [] }
    job.changeOptions({ budget, calibrate })
    expect(job.options).toEqual({ recipe: 'auto', data: null, calibrate, budget, maxTrials: null })
    job.undoOptions()
    expect(job.options).toMatchObject({ calibrate: null, budget: { kind: 'no-loss' } })
  })

  it('is new when the aim of the automatic choice is another than that of the newest result', () => {
    const job = new Job(files)
    job.inspected(inspection)
    job.setAim({ budget: { kind: 'drop', drop: 0.01 }, maxTrials: null })
    expect(job.hasNewAim).toBe(false)
    job.enqueue()
    job.finish(result)
    expect(job.hasNewAim).toBe(false)
    job.setAim({ budget: { kind: 'size', sizeBytes: 1000 }, maxTrials: null })
    expect(job.hasNewAim).toBe(true)
    job.setAim({ budget: { kind: 'drop', drop: 0.01 }, maxTrials: null })
    expect(job.hasNewAim).toBe(false)
    job.setAim({ budget: { kind: 'drop', drop: 0.01 }, maxTrials: 8 })
    expect(job.hasNewAim).toBe(true)
  })

  it('collects the trials of a run', () => {
    const job = new Job(files)
    const trial = (name: string) => ({ name, sizeBytes: 10, metric: 'accuracy', drop: 0 }) as const
    job.report({ stage: 'search', done: 1, total: 2, unit: 'items', trial: trial('a') })
    job.report({ stage: 'search', done: 1, total: 2, unit: 'items' })
    job.report({ stage: 'search', done: 2, total: 2, unit: 'items', trial: trial('b') })
    expect(job.running.trials.map(({ name }) => name)).toEqual(['a', 'b'])
    job.enqueue()
    expect(job.running.trials).toEqual([])
  })
})

describe('a card that came back', () => {
  it('goes on by itself once more, then waits for a click, which gives it new attempts', async () => {
    const first = new Job(restored({ attempts: 1 }))
    expect([first.phase, first.continuesAlone]).toEqual(['inspecting', true])

    const second = new Job(restored({ attempts: 2 }))
    second.inspected(inspection)
    expect([second.phase, second.isInterrupted, second.continuesAlone]).toEqual(['ready', true, false])
    second.enqueue()
    expect(second.isInterrupted).toBe(false)
    await second.start()
    second.finish(result)
    expect([second.phase, second.isInterrupted]).toEqual(['done', false])
  })

  it('that was not at work does not start', () => {
    for (const phase of ['ready', 'done', 'failed'] as const) {
      expect(new Job(restored({ phase, attempts: 0 })).continuesAlone).toBe(false)
    }
  })

  it('does not go on without the data that it was started with, until there is data again', () => {
    const job = new Job(restored({ lostData: 'test.npz' }))
    expect(job.continuesAlone).toBe(false)
    job.setData({ name: 'test.npz', files: [] })
    expect([job.lostData, job.continuesAlone]).toEqual([null, true])
  })

  it('whose files were too large to keep waits for the very same', () => {
    const job = new Job(restored({ files: null }))
    expect([job.phase, job.name, job.sizeBytes]).toEqual(['missing', 'm.onnx', 12])
    expect(job.isWaitingFor([files[0]])).toBe(false)
    expect(job.isWaitingFor([{ path: 'm.onnx', file: new File(['other'.repeat(2)], 'm.onnx') }, files[1]!])).toBe(false)
    expect(job.isWaitingFor(files)).toBe(true)
    job.supply(files)
    expect([job.phase, job.isWaitingFor(files)]).toEqual(['inspecting', false])
  })

  it('shows the results that it had, unless it goes on by itself', () => {
    const waiting = new Job(restored({ attempts: 2 }))
    waiting.restoreResults([result])
    expect([waiting.phase, waiting.shown]).toEqual(['done', result])
    const going = new Job(restored({ attempts: 1 }))
    going.restoreResults([result])
    expect(going.phase).toBe('inspecting')
  })
})

describe('a running job', () => {
  it('knows how far the whole is, also while a stage does not', () => {
    const job = new Job(files)
    job.enqueue()
    void job.start()
    job.report({ stage: 'verify', done: 1, total: 2, unit: 'items', overall: 0.25 })
    job.report({ stage: 'load', done: 0, total: 0, unit: 'items' })
    expect(job.running.overall).toBe(0.25)
    expect(job.running.remainingMs).toBeUndefined()
    job.enqueue(true)
    expect([job.running.overall, job.isFresh]).toEqual([0, true])
  })

  it('has an identity of its own that the journal takes', () => {
    const ids = Array.from({ length: 50 }, () => new Job(files).id)
    expect(new Set(ids).size).toBe(50)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
