/** What the job worker offers to the page. Only ids, small JSON, Files and Blobs cross (R8). */
import type { Progress } from '../core/progress'
import type { InspectReport } from '../jobs/inspect'
import type { Recipe } from '../jobs/recipe'
import type { Report } from '../jobs/report'

/** A file as it was dropped. `path` is relative to the folder of the main file, with `/` between parts. */
export interface InputFile {
  readonly path: string
  readonly file: File
}

/** A model: the main file first, then the files beside it that may hold its weights. */
export type ModelFiles = readonly [InputFile, ...InputFile[]]

/** Data to measure accuracy with: one file, several, or a folder. */
export interface DataFiles {
  readonly name: string
  readonly files: readonly InputFile[]
  /** Preset or keys of `--preprocess`; absent = tried out. */
  readonly preprocess?: string
}

export interface CompressRequest {
  readonly files: ModelFiles
  readonly data?: DataFiles
  /** Explicit steps, or 'auto' for the automatic choice. */
  readonly recipe: Recipe | 'auto'
}

/** A file of a result. Large ones are backed by the origin's private file system, so the Blob is a handle. */
export interface OutputFile {
  readonly name: string
  readonly blob: Blob
}

export interface CompressResult {
  readonly report: Report
  /** The model first, then its external data. */
  readonly files: readonly OutputFile[]
}

export interface JobWorkerApi {
  /** @throws FormatError, UnsupportedError */
  inspect(files: ModelFiles): Promise<InspectReport>
  /**
   * Called at most once at a time; cancelling = terminating the worker.
   * @param onProgress a Comlink proxy; called at most ten times a second
   */
  compress(request: CompressRequest, onProgress: (progress: Progress) => void): Promise<CompressResult>
}
