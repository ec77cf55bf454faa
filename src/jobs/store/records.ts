import * as v from 'valibot'
import type { Report } from '../report'
import { TrainSettingsSchema } from '../train/kept'
import { RecipeSchema } from '../recipe'
import { BudgetSchema, ReportSchema, Sha256Schema } from '../report-schema'

/**
 * What the store holds, as plain records; bytes lie in files beside them. Every record is validated when it is read:
 * another tab, an older version, or a person with developer tools may have written it.
 */

const id = v.pipe(v.string(), v.regex(/^[0-9a-f-]{8,64}$/))
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0))
const time = v.pipe(v.number(), v.finite(), v.minValue(0))
const path = v.pipe(v.string(), v.minLength(1), v.maxLength(4096))
const name = v.pipe(v.string(), v.maxLength(4096))
const recipeOrAuto = v.union([v.literal('auto'), RecipeSchema])

export const ResultRecordSchema = v.object({
  version: v.literal(1),
  id,
  /** `answerKey` of what was asked, and of the recipe that came of it. */
  keys: v.array(Sha256Schema),
  createdAt: time,
  name,
  isPinned: v.boolean(),
  isAuto: v.boolean(),
  data: v.nullable(v.object({ name, sha256: Sha256Schema, samples: bytes })),
  report: ReportSchema as v.GenericSchema<unknown, Report>,
  /** Stored as 0, 1, … in the result's folder. */
  files: v.array(v.object({ name: path, sizeBytes: bytes, sha256: Sha256Schema })),
  isDamaged: v.optional(v.boolean()),
  /** Removed by the visitor; the bytes go a little later. */
  removedAt: v.optional(time),
})
export type ResultRecord = v.InferOutput<typeof ResultRecordSchema>

/** A dropped model or its data, kept so that a reload can go on. Stored as 0, 1, … in the input's folder. */
export const InputRecordSchema = v.object({
  version: v.literal(1),
  id,
  /** Hash of the model as a report gives it; null until it is known, and for data. */
  sha256: v.nullable(Sha256Schema),
  files: v.array(v.object({ path, sizeBytes: bytes, lastModified: v.number(), folder: v.optional(path) })),
  sizeBytes: bytes,
  usedAt: time,
})
export type InputRecord = v.InferOutput<typeof InputRecordSchema>

const dataOfCard = v.nullable(
  v.object({
    name,
    inputId: v.nullable(id),
    preprocess: v.optional(v.pipe(v.string(), v.maxLength(256))),
    state: v.optional(v.array(v.pipe(v.string(), v.maxLength(256)))),
    target: v.optional(name),
    split: v.optional(v.object({ part: v.picklist(['train', 'validation', 'test']), settings: TrainSettingsSchema })),
  }),
)

export const JournalRecordSchema = v.object({
  version: v.literal(1),
  id,
  createdAt: time,
  updatedAt: time,
  phase: v.picklist(['ready', 'queued', 'running', 'done', 'failed']),
  recipe: recipeOrAuto,
  attempts: v.pipe(v.number(), v.integer(), v.minValue(0)),
  resultIds: v.array(id),
  expected: v.array(v.object({ path, sizeBytes: bytes })),
  /** null where the files were too large to keep. */
  inputId: v.nullable(id),
  data: dataOfCard,
  /** Data to choose ranges on, where it is apart. */
  calibrate: v.optional(dataOfCard),
  budget: v.optional(BudgetSchema),
  maxTrials: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1)))),
  /** Of a card that trains: its files are the data. */
  train: v.optional(v.object({ name, settings: TrainSettingsSchema, isPaused: v.boolean() })),
})
export type JournalRecord = v.InferOutput<typeof JournalRecordSchema>

export const PresetSchema = v.object({
  id,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  recipe: RecipeSchema,
  createdAt: time,
})

/** A finished part of a running job. */
export const CheckpointRecordSchema = v.object({
  jobId: id,
  key: v.pipe(v.string(), v.maxLength(128)),
  json: v.unknown(),
  /** null where the part has no bytes. */
  file: v.nullable(v.object({ sizeBytes: bytes, sha256: Sha256Schema })),
})
export type CheckpointRecord = v.InferOutput<typeof CheckpointRecordSchema>

/** The record, or null where it is not what this version writes. */
export function readRecord<T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | null {
  const result = v.safeParse(schema, value)
  return result.success ? result.output : null
}
