import { beforeEach, describe, expect, it } from 'vitest'
import type { InspectReport } from '../../jobs/inspect'
import type { Recipe } from '../../jobs/recipe'
import { Job, type JobResult } from '../state/job.svelte'
import { sharedRecipe } from '../state/shared-recipe.svelte'
import { Batch } from './batch.svelte'
import { sameRecipe } from './same-recipe'

const recipe = (...methods: string[]): Recipe => ({
  version: 1,
  seed: 0,
  steps: methods.map((method) => ({ method, options: {} })),
})
const A = recipe('tidy', 'float16')
const B = recipe('weights-int8')

const inspection = { version: 1, file: { name: 'm.onnx', sha256: null } } as InspectReport
const resultOf = (before: number, after: number, made: Recipe) =>
  ({
    ...{ files: [], resultId: null, data: null },
    report: { input: { sizeBytes: before }, output: { sizeBytes: after, isOriginal: false }, recipe: made },
  }) as unknown as JobResult

function ready(name: string): Job {
  const job = new Job([{ path: name, file: new File(['model'], name) }])
  job.inspected(inspection)
  return job
}

/** Newest first, as the queue has them. */
function batchOf(...jobs: Job[]) {
  const started: string[] = []
  const batch = new Batch({
    jobs: [...jobs].reverse(),
    start: (job) => {
      started.push(job.name)
      job.enqueue()
    },
    retry: async (job) => {
      started.push(`${job.name} again`)
      job.retry()
    },
    cancelAll: () => {
      for (const job of jobs) job.cancel()
    },
  })
  return { batch, started }
}

beforeEach(() => sharedRecipe.set('auto'))

describe('Batch', () => {
  it('is a table from three files on, unless a person chose', () => {
    const [a, b, c] = [ready('a'), ready('b'), ready('c')]
    expect(batchOf(a, b).batch.isTable).toBe(false)
    const { batch } = batchOf(a, b, c)
    expect(batch.isTable).toBe(true)
    batch.showAs('cards')
    expect(batch.isTable).toBe(false)
  })

  it('gives its options to all but those with their own and what runs, and takes them back', () => {
    const [a, own, running] = [ready('a'), ready('own'), ready('running')]
    own.changeOptions({ recipe: B, data: null })
    running.enqueue()
    void running.start()
    const { batch } = batchOf(a, own, running)
    batch.changeOptions({ recipe: A, data: null })
    expect([a.recipe, own.recipe, running.recipe]).toEqual([A, B, 'auto'])
    expect([a, own].map((job) => batch.hasOwnRecipe(job))).toEqual([false, true])
    batch.undoOptions()
    expect([a.recipe, own.recipe, batch.recipe, batch.canUndo]).toEqual(['auto', B, 'auto', false])
    batch.useShared(own)
    expect([own.recipe, batch.hasOwnRecipe(own)]).toEqual(['auto', false])
    own.undoOptions()
    expect(own.recipe).toBe(B)
  })

  it('starts what is ready in the order of its rows, and what got other options since its result', () => {
    const [a, done, changed, failed] = [ready('a'), ready('done'), ready('changed'), ready('failed')]
    done.finish(resultOf(100, 40, B))
    changed.finish(resultOf(100, 50, B))
    changed.setRecipe(A)
    failed.fail({ title: 'no', what: [], where: null, todo: [], details: '' })
    const { batch, started } = batchOf(a, done, changed, failed)
    expect(batch.totals).toMatchObject({ count: 4, done: 2, failed: 1, startable: 2, beforeBytes: 200, afterBytes: 90 })
    batch.startAll()
    expect(started).toEqual(['a', 'changed'])
    expect(batch.totals.busy).toBe(2)
    batch.cancelAll()
    expect(batch.totals.busy).toBe(0)
    batch.retryFailed()
    expect(started.at(-1)).toBe('failed again')
  })
})

it('after a reload the options of most files are those of all', () => {
  sharedRecipe.adopt([A, 'auto'])
  expect(sharedRecipe.recipe).toBe('auto')
  sharedRecipe.adopt(['auto', A, B, structuredClone(A), A])
  expect(sharedRecipe.recipe).toEqual(A)
  sharedRecipe.adopt([B, B, B])
  expect(sharedRecipe.recipe).toEqual(A)
})

it('recipes are the same whatever the order of their options', () => {
  const one: Recipe = { version: 1, seed: 0, steps: [{ method: 'a', options: { x: 1, y: 2 } }] }
  const two: Recipe = { version: 1, app: '2', seed: 0, steps: [{ method: 'a', options: { y: 2, x: 1 } }] }
  expect(sameRecipe(one, two)).toBe(true)
  expect(sameRecipe(one, { ...two, seed: 1 })).toBe(false)
  expect([sameRecipe('auto', 'auto'), sameRecipe('auto', one)]).toEqual([true, false])
})
