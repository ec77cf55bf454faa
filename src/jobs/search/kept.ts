import * as v from 'valibot'
import { LayerSchema, QualitySchema } from '../report-schema'
import type { Score } from './score'
import type { ScoredTrial } from './trial'

const finite = v.pipe(v.number(), v.finite())
const count = v.pipe(finite, v.integer(), v.minValue(0))
const share = v.pipe(finite, v.minValue(0), v.maxValue(1))

const ScoreSchema: v.GenericSchema<unknown, Score> = v.object({
  metric: v.picklist(['accuracy', 'nll', 'agreement', 'sqnr']),
  samples: count,
  drop: finite,
  relativeDrop: finite,
  ci95: v.optional(v.tuple([finite, finite])),
  agreement: v.optional(share),
  sqnrDb: v.nullable(finite),
  outputs: QualitySchema.entries.outputs,
})

const KeptSchema = v.object({ sizeBytes: count, score: ScoreSchema, layers: v.array(LayerSchema) })

/** What is kept of a scored variant, so that a job that was killed does not score it again. */
export type KeptScore = Pick<ScoredTrial, 'sizeBytes' | 'score' | 'layers'>

/** null for what was not kept, or is not what was written. */
export function readKept(json: unknown): KeptScore | null {
  const read = v.safeParse(KeptSchema, json)
  return read.success ? read.output : null
}
