import type { Note } from '../core/progress'
import type { Quality, Speed } from '../evaluate/quality'
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
  readonly notes: readonly Note[]
  /** What else was tried, smallest first; none where the user chose the method. */
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  readonly method: string
  /** What to run to get it; absent where it could not be made. */
  readonly recipe?: Recipe
  readonly sizeBytes: number
  readonly sqnrDb: number | null
  readonly top1Agreement?: number
  readonly afterMs?: number
  readonly isChosen: boolean
  /** Why it was or was not chosen. */
  readonly why: string
}
