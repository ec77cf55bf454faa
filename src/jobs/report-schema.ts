import * as v from 'valibot'
import { isKnownDType, type DType } from '../core/dtypes'
import { RecipeSchema } from './recipe'
import type { Report } from './report'

/** A stored or shared report is input like any other: it is believed field by field. */

const finite = v.pipe(v.number(), v.finite())
const amount = v.pipe(finite, v.minValue(0))
const bytes = v.pipe(amount, v.integer(), v.maxValue(Number.MAX_SAFE_INTEGER))
const text = (max: number) => v.pipe(v.string(), v.maxLength(max))
const fraction = v.pipe(finite, v.minValue(0), v.maxValue(1))
const db = v.nullable(finite)
const pair = v.tuple([finite, finite])
export const Sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))
const DTypeSchema = v.custom<DType>(
  (value) => typeof value === 'string' && (isKnownDType(value) || /^unknown-\d{1,9}$/.test(value)),
)

const fileFacts = {
  name: text(4096),
  format: text(32),
  sizeBytes: bytes,
  gzipBytes: v.optional(bytes),
  sha256: Sha256Schema,
}

export const QualitySchema = v.object({
  data: v.picklist(['user', 'synthetic', 'weights-only']),
  samples: bytes,
  preprocess: v.optional(text(256)),
  sqnrDb: db,
  cosine: db,
  top1Agreement: v.optional(fraction),
  agreement95: v.optional(v.tuple([fraction, fraction])),
  task: v.optional(
    v.object({
      metric: v.picklist(['accuracy', 'nll']),
      before: finite,
      after: finite,
      drop: finite,
      ci95: pair,
      bootstrap95: v.optional(v.object({ interval: pair, resamples: bytes, seed: bytes })),
      mcnemar: v.optional(v.object({ lost: bytes, gained: bytes, p: fraction })),
      nll: v.optional(v.object({ before: finite, after: finite })),
      accuracy: v.optional(v.object({ before: finite, after: finite })),
    }),
  ),
  classes: v.optional(
    v.array(v.object({ class: amount, samples: bytes, before: bytes, after: bytes, lost: v.optional(bytes) })),
  ),
  outputs: v.array(
    v.object({
      name: text(65_536),
      sqnrDb: db,
      cosine: finite,
      maxAbsError: finite,
      isIdentical: v.boolean(),
      decisionFlips: v.optional(bytes),
    }),
  ),
  providers: v.array(
    v.object({
      name: text(64),
      maxAbsError: finite,
      cosine: finite,
      ok: v.boolean(),
      samples: v.optional(bytes),
      top1Agreement: v.optional(fraction),
      accuracy: v.optional(fraction),
      saturation: v.optional(
        v.object({
          pairs: bytes,
          saturated: bytes,
          layers: v.array(v.object({ node: text(65_536), pairs: bytes, saturated: bytes })),
        }),
      ),
      versus: v.optional(v.object({ provider: text(64), disagreement: amount, top1Agreement: v.optional(fraction) })),
    }),
  ),
})

export const SpeedSchema = v.object({
  provider: text(64),
  threads: v.optional(bytes),
  beforeMs: amount,
  afterMs: amount,
  beforeSpreadMs: pair,
  afterSpreadMs: pair,
  runs: bytes,
})

export const NoteSchema = v.object({
  severity: v.picklist(['info', 'warning', 'error']),
  node: v.optional(text(65_536)),
  text: text(65_536),
})

export const TensorSchema = v.object({
  name: text(65_536),
  from: DTypeSchema,
  to: text(64),
  sizeBeforeBytes: bytes,
  sizeAfterBytes: bytes,
  sqnrDb: db,
})

const AlternativeSchema = v.object({
  method: text(256),
  recipe: v.optional(RecipeSchema),
  sizeBytes: bytes,
  sqnrDb: db,
  top1Agreement: v.optional(fraction),
  drop: v.optional(finite),
  isOnFront: v.optional(v.boolean()),
  afterMs: v.optional(amount),
  isChosen: v.boolean(),
  why: text(65_536),
})

export const QuantizedValueSchema = v.object({
  name: text(65_536),
  to: text(64),
  min: finite,
  max: finite,
  scale: finite,
  zeroPoint: finite,
  clipped: v.optional(fraction),
  layer: v.optional(text(65_536)),
})

export const LayerSchema = v.object({
  name: text(65_536),
  opType: text(256),
  to: text(64),
  sizeBeforeBytes: bytes,
  sizeAfterBytes: bytes,
  why: v.optional(text(65_536)),
})

export const BudgetSchema = v.variant('kind', [
  v.object({ kind: v.literal('no-loss') }),
  v.object({ kind: v.literal('drop'), drop: amount }),
  v.object({ kind: v.literal('size'), sizeBytes: bytes }),
])

const CalibrationSchema = v.object({
  samples: bytes,
  skipped: bytes,
  machine: text(32),
  memoryCapBytes: bytes,
  ms: amount,
})

const VerdictSchema = v.object({
  level: v.picklist(['safe', 'check', 'not-recommended']),
  reasons: v.array(text(65_536)),
  fixes: v.array(
    v.object({
      text: text(65_536),
      recipe: RecipeSchema,
      addedBytes: v.optional(finite),
      gain: v.optional(finite),
    }),
  ),
})

const SearchSchema = v.object({
  budget: BudgetSchema,
  trials: bytes,
  maxTrials: bytes,
  scoringSamples: bytes,
  metric: v.picklist(['accuracy', 'nll', 'agreement', 'sqnr']),
})

/** What the steps of a recipe did, as a checkpoint keeps it. */
export const StepsRecordSchema = v.object({
  tensors: v.array(TensorSchema),
  values: v.optional(v.array(QuantizedValueSchema)),
  layers: v.optional(v.array(LayerSchema)),
  notes: v.array(NoteSchema),
  timing: v.array(v.object({ method: text(64), ms: amount })),
})

/** What came of running a candidate. */
export const MeasuredSchema = v.object({ quality: QualitySchema, speed: v.array(SpeedSchema) })

export const ReportSchema: v.GenericSchema<unknown, Report> = v.object({
  version: v.literal(1),
  app: text(32),
  input: v.object(fileFacts),
  output: v.object({ ...fileFacts, path: v.optional(text(4096)), isOriginal: v.boolean() }),
  recipe: RecipeSchema,
  quality: QualitySchema,
  speed: v.array(SpeedSchema),
  timing: v.object({ totalMs: amount, steps: v.array(v.object({ method: text(64), ms: amount })) }),
  tensors: v.array(TensorSchema),
  values: v.optional(v.array(QuantizedValueSchema)),
  layers: v.optional(v.array(LayerSchema)),
  calibration: v.optional(CalibrationSchema),
  verdict: v.optional(VerdictSchema),
  search: v.optional(SearchSchema),
  extras: v.optional(v.array(v.object({ name: text(4096), sizeBytes: bytes, sha256: Sha256Schema }))),
  notes: v.array(NoteSchema),
  alternatives: v.array(AlternativeSchema),
})
