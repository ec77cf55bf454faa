import { describe, expect, it } from 'vitest'
import type { Report } from '../../jobs/report'
import type { StoredResult } from '../../workers/store-api'
import { csvOf } from './csv'
import { tableOf } from './csv-table'
import { pairTensors } from './diff'
import { factsOf, stepFacts } from './facts'
import { result } from './result-kit'

type Given = Parameters<typeof result>[0]

/** With a report that says the same as the summary. */
function stored(given: Given): StoredResult {
  const summary = result(given)
  const { input, output, recipe, quality, speed } = summary
  const report: Report = {
    ...{ version: 1, app: '0', input, output, recipe, speed, tensors: [], notes: [], alternatives: [] },
    ...{ quality: { ...quality, outputs: [] }, timing: { totalMs: 1, steps: [] } },
  }
  return { ...summary, report, files: [] }
}

const facts = (a: Given, b: Given) =>
  Object.fromEntries(factsOf(stored(a), stored(b)).map(({ label, ...rest }) => [label, rest]))

describe('facts of two results', () => {
  it('are marked where they differ, and left out where neither has them', () => {
    const found = facts({ id: 'a', sizeBytes: 250 }, { id: 'b', sizeBytes: 500, method: 'float16' })
    expect(found['Size']).toEqual({ a: '250 B', b: '500 B', isDifferent: true })
    expect(found['Saved']).toEqual({ a: '75.0%', b: '50.0%', isDifferent: true })
    expect(found['Method']).toEqual({ a: 'weights-int8', b: 'float16', isDifferent: true })
    expect(found['Input']).toMatchObject({ a: 'model.onnx', isDifferent: false })
    expect(Object.keys(found)).not.toContain('Accuracy')
    expect(Object.keys(found)).not.toContain('Size with gzip')
  })

  it('turn the interval of the drop into one of the change', () => {
    const task = { metric: 'accuracy', before: 0.9, after: 0.89, drop: 0.01, ci95: [-0.005, 0.02] } as const
    const found = facts({ id: 'a', quality: { task } }, { id: 'b' })
    expect(found['95% interval of the change']).toMatchObject({ a: '−2.0 to +0.5 points', b: '–' })
    expect(found['Accuracy']).toMatchObject({ a: '90.0% → 89.0%', b: '–', isDifferent: true })
  })

  it('say what was not measured, and on what it was', () => {
    const weights = { data: 'weights-only', samples: 0, sqnrDb: null } as const
    const found = facts({ id: 'a', quality: weights }, { id: 'b', quality: { data: 'synthetic', samples: 1 } })
    expect(found['Outputs, signal to noise']?.a).toBe('Accuracy not measured')
    expect(found['Measured on']).toEqual({ a: 'weights only', b: '1 made-up input', isDifferent: true })
  })
})

describe('steps of two recipes in words', () => {
  const recipe = (method: string, options: Record<string, string | number | boolean>) =>
    ({ version: 1, seed: 0, steps: [{ method, options }] }) as const

  it('name only the options that differ', () => {
    const a = recipe('weights-int8', { granularity: 'per-channel', scheme: 'symmetric' })
    const b = recipe('weights-int8', { granularity: 'per-tensor', scheme: 'symmetric' })
    expect(stepFacts({ ...a, steps: [...a.steps] }, { ...b, steps: [...b.steps] })).toEqual([
      {
        label: 'Weights in 8 bits',
        a: 'Granularity: per-channel',
        b: 'Granularity: per-tensor',
        isDifferent: true,
      },
    ])
  })

  it('of one side only name what is not as always', () => {
    const a = recipe('weights-int8', { granularity: 'per-tensor', scheme: 'symmetric' })
    const empty = { version: 1 as const, seed: 0, steps: [] }
    expect(stepFacts({ ...a, steps: [...a.steps] }, empty)).toMatchObject([
      { a: 'Granularity: per-tensor', b: 'no', isDifferent: true },
    ])
    const plain = recipe('weights-int8', { granularity: 'per-channel' })
    expect(stepFacts(empty, { ...plain, steps: [...plain.steps] })).toMatchObject([{ a: 'no', b: 'yes' }])
    const same = { ...plain, steps: [...plain.steps] }
    expect(stepFacts(same, same)).toMatchObject([{ a: 'yes, with the same options', isDifferent: false }])
  })

  it('of a method that this version does not know have their plain names', () => {
    const a = recipe('future', { bits: 3 })
    const b = recipe('future', { bits: 2 })
    expect(stepFacts({ ...a, steps: [...a.steps] }, { ...b, steps: [...b.steps] })).toMatchObject([
      { label: 'future', a: 'bits: 3', b: 'bits: 2' },
    ])
  })
})

it('the exported table has facts in words and tensors in numbers, and no name becomes a formula', () => {
  const tensor = {
    name: '=cmd()',
    from: 'float32',
    to: 'int8',
    sizeBeforeBytes: 8,
    sizeAfterBytes: 2,
    sqnrDb: 41.257,
  } as const
  const pairs = pairTensors([tensor], [])
  const lines = csvOf(tableOf([{ label: 'Size', a: '1,000 B', b: '2 B', isDifferent: true }], pairs)).split('\r\n')
  expect(lines).toEqual([
    'Fact,Result A,Result B',
    'Size,"1,000 B",2 B',
    '',
    'Tensor,Result A: type,Result A: bytes,Result A: signal to noise (dB),Result B: type,Result B: bytes,Result B: signal to noise (dB)',
    "'=cmd(),int8,2,41.26,,,",
    '',
  ])
})
