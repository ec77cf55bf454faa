import type { FileSet, OutputFolder } from '../core/bytes'
import type { EvaluationData } from '../evaluate/compare'
import type { Recipe } from './recipe'
import type { Budget } from './report'

/** Models above this size are compressed, but not run. */
export const MAX_RUN_BYTES = 1_000_000_000

export interface CompressRequest {
  readonly files: FileSet
  /** Steps to run, or 'auto': tidy, then the smallest of weights-int8 and float16 that keeps the outputs. */
  readonly recipe: Recipe | 'auto'
  readonly seed: number
  /** Where the result goes; it is created only when the job succeeds. */
  readonly folder: OutputFolder
  readonly outputName: string
  /** The user's data; without it, seeded synthetic inputs are used and the report says so. */
  readonly test?: Extract<EvaluationData, { kind: 'samples' }>
  /** Data to choose ranges on. Without it every fifth sample of `test` is taken from there, with a note. */
  readonly calibrate?: Extract<EvaluationData, { kind: 'samples' }>
  /** Of the automatic choice; default: no measurable loss. */
  readonly budget?: Budget
  /** Most trials of the automatic choice. */
  readonly maxTrials?: number
  /** Memory for calibration; the result does not depend on it. */
  readonly calibrationMemoryBytes?: number
  /** Models above this size are not run (report: weights-only). */
  readonly maxRunBytes?: number
}
