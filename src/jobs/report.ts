import type { Note } from '../core/progress'
import type { Quality, Speed } from '../evaluate/quality'
import type { Layer, QuantizedValue, TensorChange } from '../methods/method'
import type { Recipe } from './recipe'

/** A file as a report names it; sizes in bytes. */
export interface FileFacts {
  readonly name: string
  readonly format: string
  readonly sizeBytes: number
  /** Size after gzip, what a web server sends; absent where it was not measured. */
  readonly gzipBytes?: number
  readonly sha256: string
}

export type { OutputQuality, ProviderResult, Quality, Speed, TaskResult } from '../evaluate/quality'

/** What came of a recipe; `compress --json` prints it. Fields may be added, never renamed. */
export interface Report {
  readonly version: 1
  readonly app: string
  readonly input: FileFacts
  /** `isOriginal`: nothing was gained, the original's bytes are returned. */
  readonly output: FileFacts & { readonly path?: string; readonly isOriginal: boolean }
  readonly recipe: Recipe
  readonly quality: Quality
  readonly speed: readonly Speed[]
  readonly timing: { readonly totalMs: number; readonly steps: readonly { method: string; ms: number }[] }
  readonly tensors: readonly TensorChange[]
  /** Inner values that the result holds as integers. */
  readonly values?: readonly QuantizedValue[]
  readonly layers?: readonly Layer[]
  readonly calibration?: CalibrationFacts
  readonly verdict?: Verdict
  readonly search?: SearchFacts
  /** Files beside the model. */
  readonly extras?: readonly { readonly name: string; readonly sizeBytes: number; readonly sha256: string }[]
  readonly notes: readonly Note[]
  /** What else was tried, smallest first; none where the user chose the method. */
  readonly alternatives: readonly Alternative[]
}

/** What the ranges were chosen on. */
export interface CalibrationFacts {
  readonly samples: number
  /** Samples that were left out, each with its reason in a note. */
  readonly skipped: number
  readonly machine: string
  readonly memoryCapBytes: number
  readonly ms: number
}

/** May it be used? In plain words, from the proof alone. */
export interface Verdict {
  readonly level: 'safe' | 'check' | 'not-recommended'
  /** Why, the most important first; never empty. */
  readonly reasons: readonly string[]
  /** What would help: a recipe to run instead, and what it is expected to cost and bring. */
  readonly fixes: readonly Fix[]
}

export interface Fix {
  /** e.g. 'Keep conv1 in float'. */
  readonly text: string
  readonly recipe: Recipe
  readonly addedBytes?: number
  /** Gain of the task's metric or of the agreement, as a fraction; predicted from sensitivity. */
  readonly gain?: number
}

/** What a result must keep: no measurable loss, a largest drop of the metric (fraction), or a largest size. */
export type Budget =
  | { readonly kind: 'no-loss' }
  | { readonly kind: 'drop'; readonly drop: number }
  | { readonly kind: 'size'; readonly sizeBytes: number }

/** How the automatic choice went about it. */
export interface SearchFacts {
  readonly budget: Budget
  readonly trials: number
  readonly maxTrials: number
  /** Samples of the calibration data that scored trials; the others gave ranges. */
  readonly scoringSamples: number
  readonly metric: 'accuracy' | 'nll' | 'agreement' | 'sqnr'
}

export interface Alternative {
  readonly method: string
  /** What to run to get it; absent where it could not be made. */
  readonly recipe?: Recipe
  readonly sizeBytes: number
  readonly sqnrDb: number | null
  readonly top1Agreement?: number
  /** Of the scoring samples: metric of the search, as a drop against the original (fraction; lower is better). */
  readonly drop?: number
  /** No other is both smaller and better. */
  readonly isOnFront?: boolean
  readonly afterMs?: number
  readonly isChosen: boolean
  /** Why it was or was not chosen. */
  readonly why: string
}
