import * as v from 'valibot'
import type { Note } from '../../core/progress'
import { NoteSchema } from '../report-schema'
import type { SearchFacts } from '../report'

export type Metric = SearchFacts['metric']

/**
 * How much each layer of a quantized model costs, measured on samples: by quantizing it alone, and by restoring it alone.
 * Plain JSON: the page stores it, `plume sensitivity --json` prints it.
 */
export interface SensitivityReport {
  readonly version: 1
  readonly model: { readonly name: string; readonly sizeBytes: number; readonly sha256: string }
  /** The resolved step whose layers these are; `layers` rules of the user's own stay in force. */
  readonly method: { readonly id: string; readonly options: Readonly<Record<string, string | number | boolean>> }
  /** What `drop` and `gain` are of: accuracy and agreement as fractions, nll in nats, sqnr as |noise|/|signal|. */
  readonly metric: Metric
  /** Samples that were scored. */
  readonly samples: number
  /** Every layer quantized, as the options say. */
  readonly baseline: {
    readonly sizeBytes: number
    readonly sqnrDb: number | null
    /** Against the original; above zero is worse. */
    readonly drop: number
    readonly top1Agreement?: number
  }
  /** The most sensitive first. */
  readonly layers: readonly LayerSensitivity[]
  /** Inner values in the order of the model. */
  readonly tensors: readonly TensorRange[]
  readonly notes: readonly Note[]
}

export interface LayerSensitivity {
  readonly name: string
  readonly opType: string
  /** What the layer is quantized to, e.g. 'int8'. */
  readonly to: string
  /** This layer quantized, all others in float: at the outputs, against the original; null = identical. */
  readonly alone: { readonly sqnrDb: number | null; readonly drop: number }
  /** This layer in float, all others quantized: at the outputs, and what of the baseline's drop that takes away. */
  readonly restored: { readonly sqnrDb: number | null; readonly gain: number }
  /** What the file grows by when this layer stays in float. */
  readonly addedBytes: number
}

/** What was seen of an inner value, and the grid that it was put on. */
export interface TensorRange {
  readonly name: string
  /** e.g. 'uint8'. */
  readonly to: string
  /** The chosen range. */
  readonly min: number
  readonly max: number
  readonly scale: number
  readonly zeroPoint: number
  /** Share of the observed values outside of the range, where it is known. */
  readonly clipped?: number
  /** Name of the layer that computes it. */
  readonly layer?: string
  /** Equal bins from `low` on, `width` each, before quantization; absent where only ranges are known. */
  readonly histogram?: { readonly low: number; readonly width: number; readonly counts: readonly number[] }
}

/** Most bins of a stored histogram. */
export const MAX_BINS = 256

const finite = v.pipe(v.number(), v.finite())
const amount = v.pipe(finite, v.minValue(0))
const whole = v.pipe(amount, v.integer(), v.maxValue(Number.MAX_SAFE_INTEGER))
const name = v.pipe(v.string(), v.maxLength(65_536))
const short = v.pipe(v.string(), v.maxLength(256))
const db = v.nullable(finite)
const fraction = v.pipe(amount, v.maxValue(1))

const LayerSensitivitySchema = v.object({
  name,
  opType: short,
  to: short,
  alone: v.object({ sqnrDb: db, drop: finite }),
  restored: v.object({ sqnrDb: db, gain: finite }),
  addedBytes: v.pipe(finite, v.integer()),
})

const TensorRangeSchema = v.object({
  name,
  to: short,
  min: finite,
  max: finite,
  scale: finite,
  zeroPoint: finite,
  clipped: v.optional(fraction),
  layer: v.optional(name),
  histogram: v.optional(
    v.object({ low: finite, width: amount, counts: v.pipe(v.array(amount), v.maxLength(MAX_BINS)) }),
  ),
})

const OptionsSchema = v.record(short, v.union([v.pipe(v.string(), v.maxLength(65_536)), finite, v.boolean()]))

/** A stored report is input like any other: it is believed field by field. */
export const SensitivityReportSchema: v.GenericSchema<unknown, SensitivityReport> = v.object({
  version: v.literal(1),
  model: v.object({ name, sizeBytes: whole, sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
  method: v.object({ id: short, options: OptionsSchema }),
  metric: v.picklist(['accuracy', 'nll', 'agreement', 'sqnr']),
  samples: whole,
  baseline: v.object({ sizeBytes: whole, sqnrDb: db, drop: finite, top1Agreement: v.optional(fraction) }),
  layers: v.array(LayerSensitivitySchema),
  tensors: v.array(TensorRangeSchema),
  notes: v.array(NoteSchema),
})
