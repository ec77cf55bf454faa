import type { Note } from '../core/progress'
import type { TensorChange } from '../methods/method'
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

/** How close the result is to the original. Rates are fractions, decibels where the name says so. */
export interface Quality {
  readonly data: 'user' | 'synthetic' | 'weights-only'
  readonly samples: number
  /** How pictures were turned into inputs, e.g. 'imagenet-caffe'. */
  readonly preprocess?: string
  /** Worst output. null = identical (infinite). */
  readonly sqnrDb: number | null
  readonly cosine: number
  readonly top1Agreement?: number
  readonly task?: TaskResult
  readonly outputs: readonly OutputQuality[]
  readonly providers: readonly { name: string; maxAbsError: number; cosine: number; ok: boolean }[]
}

export interface OutputQuality {
  readonly name: string
  /** null = identical (infinite). */
  readonly sqnrDb: number | null
  readonly cosine: number
  readonly maxAbsError: number
  readonly isIdentical: boolean
  /** For outputs that are one probability: decisions at 0.5 that changed. */
  readonly decisionFlips?: number
}

export interface TaskResult {
  readonly metric: 'accuracy' | 'nll'
  readonly before: number
  readonly after: number
  /** before − after for accuracy, after − before for nll: above zero is worse. */
  readonly drop: number
  /** 95 % interval of the paired difference `drop`. */
  readonly ci95: readonly [number, number]
  /** Mean negative log-likelihood in nats, given beside accuracy where labels have the output's shape. */
  readonly nll?: { readonly before: number; readonly after: number }
}

export interface Speed {
  readonly provider: string
  readonly beforeMs: number
  readonly afterMs: number
  /** Quartiles [q1, q3] of the runs. */
  readonly beforeSpreadMs: readonly [number, number]
  readonly afterSpreadMs: readonly [number, number]
  readonly runs: number
}

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
  readonly notes: readonly Note[]
  /** What else was tried, smallest first; none where the user chose the method. */
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  readonly method: string
  readonly sizeBytes: number
  readonly sqnrDb: number | null
  readonly top1Agreement?: number
  readonly afterMs?: number
  readonly isChosen: boolean
  /** Why it was or was not chosen. */
  readonly why: string
}
