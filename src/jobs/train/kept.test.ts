import { expect, it } from 'vitest'
import { readKeptTraining, TrainSettingsSchema } from './kept'
import type { TrainReport } from './report'
import { safeParse } from 'valibot'

const metrics = { loss: 0.2, accuracy: 0.9 }
const report: TrainReport = {
  version: 1,
  data: {
    ...{ rows: 10, columns: 3, target: 'kind', task: 'classification', classes: ['a', 'b'] },
    ignored: [{ column: 'id', why: 'identifier: every row has another value' }],
    split: { train: 6, validation: 2, test: 2 },
  },
  model: { kind: 'mlp', layers: [8], parameters: 30, candidates: [{ kind: 'mlp', layers: [8], validationLoss: 0.3 }] },
  metrics: { train: metrics, validation: metrics, test: metrics },
  baseline: { ...metrics, what: 'always the most frequent class, a' },
  ...{ epochs: 4, bestEpoch: 2 },
  history: [{ epoch: 1, loss: 1, validationLoss: 0.9, validationMetric: 0.5, rate: 0.01, ms: 2 }],
  curves: {
    confusion: [
      [1, 0],
      [0, 1],
    ],
  },
  timing: { totalMs: 5, msPerEpoch: 1 },
  notes: [{ severity: 'info', text: 'x' }],
}
const kept = { report, settings: { seed: 1, layers: [8], roles: { id: 'ignored' } }, name: 'kind.onnx' }

it('a kept result comes back whole', () => {
  expect(readKeptTraining(structuredClone(kept))).toEqual(kept)
})

it('what another version or a person wrote is no result', () => {
  for (const broken of [
    null,
    {},
    { ...kept, name: 3 },
    { ...kept, report: { ...report, version: 2 } },
    { ...kept, report: { ...report, history: [{ epoch: 'one' }] } },
    { ...kept, settings: { seed: -1 } },
  ]) {
    expect(readKeptTraining(broken)).toBeNull()
  }
})

it('settings keep what is known and nothing else', () => {
  const read = safeParse(TrainSettingsSchema, { seed: 0, balanced: true, unknown: 1 })
  expect(read.output).toEqual({ seed: 0, balanced: true })
  expect(safeParse(TrainSettingsSchema, { seed: 0, optimizer: 'magic' }).success).toBe(false)
})
