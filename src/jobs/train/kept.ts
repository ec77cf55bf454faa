import * as v from 'valibot'
import type { TrainReport } from './report'
import type { TrainSettings } from './request'

/** What is kept of a training, validated when it is read: another version or a person may have written it. */

const name = v.pipe(v.string(), v.maxLength(4096))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const finite = v.pipe(v.number(), v.finite())
/** Losses of a training that went wrong are not finite, and JSON knows no such numbers. */
const loss = v.nullable(v.number())
const widths = v.array(v.pipe(v.number(), v.integer(), v.minValue(1)))

export const TrainSettingsSchema: v.GenericSchema<unknown, TrainSettings> = v.object({
  seed: count,
  target: v.exactOptional(name),
  roles: v.exactOptional(v.record(name, v.picklist(['number', 'category', 'ignored']))),
  task: v.exactOptional(v.picklist(['classification', 'regression'])),
  scaling: v.exactOptional(v.picklist(['standard', 'min-max'])),
  layers: v.exactOptional(widths),
  frozen: v.exactOptional(v.array(name)),
  epochs: v.exactOptional(count),
  batchSize: v.exactOptional(count),
  rate: v.exactOptional(finite),
  optimizer: v.exactOptional(v.picklist(['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad'])),
  schedule: v.exactOptional(v.picklist(['constant', 'step', 'cosine', 'warm-up', 'one-cycle', 'plateau'])),
  weightDecay: v.exactOptional(finite),
  clipNorm: v.exactOptional(finite),
  ema: v.exactOptional(finite),
  dropout: v.exactOptional(finite),
  preprocess: v.exactOptional(v.pipe(v.string(), v.maxLength(256))),
  augment: v.exactOptional(v.array(v.picklist(['flip', 'crop', 'rotate', 'jitter']))),
  patience: v.exactOptional(count),
  labelSmoothing: v.exactOptional(finite),
  balanced: v.exactOptional(v.boolean()),
  testShare: v.exactOptional(finite),
  validationShare: v.exactOptional(finite),
  seeds: v.exactOptional(count),
})

const metrics = v.looseObject({
  loss,
  ...v.entriesFromList(['accuracy', 'f1', 'auc', 'prAuc', 'r2', 'rmse', 'mae'], v.optional(v.nullable(v.number()))),
})

const TrainReportSchema = v.looseObject({
  version: v.literal(1),
  data: v.looseObject({
    rows: count,
    columns: count,
    target: name,
    task: v.picklist(['classification', 'regression']),
    classes: v.optional(v.array(name)),
    ignored: v.array(v.looseObject({ column: name, why: name })),
    split: v.looseObject({ train: count, validation: count, test: count }),
  }),
  model: v.looseObject({
    kind: name,
    layers: widths,
    parameters: count,
    candidates: v.array(v.looseObject({ kind: name, layers: widths, validationLoss: loss })),
  }),
  metrics: v.looseObject({ train: metrics, validation: metrics, test: metrics }),
  baseline: v.looseObject({ ...metrics.entries, what: name }),
  epochs: count,
  bestEpoch: count,
  history: v.array(v.looseObject({ epoch: count, loss, validationLoss: loss })),
  timing: v.looseObject({ totalMs: finite, msPerEpoch: finite }),
  notes: v.array(v.looseObject({ severity: v.picklist(['info', 'warning', 'error']), text: name })),
})

export interface KeptTraining {
  readonly report: TrainReport
  readonly settings: TrainSettings
  /** Of the model's file. */
  readonly name: string
}

const KeptTrainingSchema = v.object({
  report: TrainReportSchema as unknown as v.GenericSchema<unknown, TrainReport>,
  settings: TrainSettingsSchema,
  name,
})

/** null where it is not what this version writes. */
export function readKeptTraining(json: unknown): KeptTraining | null {
  const read = v.safeParse(KeptTrainingSchema, json)
  return read.success ? read.output : null
}
