/** What the job worker offers to the page. Only ids, small JSON, Files and Blobs cross (R8). */
import type { Progress } from '../core/progress'
import type { InspectReport } from '../jobs/inspect'
import type { Recipe } from '../jobs/recipe'
import type { Budget, Report } from '../jobs/report'
import type { SensitivityReport } from '../jobs/sensitivity/report'
import type { TrainSettings } from '../jobs/train/request'
import type { StoreTrouble } from './store-api'
import type { TrainWorkerApi } from './train-api'

/** A file as it was dropped. `path` is relative to the folder of the main file, with `/` between parts. */
export interface InputFile {
  readonly path: string
  readonly file: File
  /** Of a main file: the folder that it was dropped in, with its final slash. Only for people to tell files apart. */
  readonly folder?: string
}

/** A model: the main file first, then the files beside it that may hold its weights. */
export type ModelFiles = readonly [InputFile, ...InputFile[]]

/** Data to measure accuracy with, and to choose ranges on: one file, several, or a folder. */
export interface DataFiles {
  readonly name: string
  readonly files: readonly InputFile[]
  /** Preset or keys of `--preprocess`; absent = tried out. */
  readonly preprocess?: string
  /** Outputs that feed an input of the next sample, each `OUTPUT=INPUT`. */
  readonly state?: readonly string[]
  /** Column of the labels, of a table; absent = that which the model was trained for. */
  readonly target?: string
  /** Only the samples that a training with these settings used for one purpose. */
  readonly split?: { readonly part: 'train' | 'validation' | 'test'; readonly settings: TrainSettings }
}

/** What a job may use of the GPU. It decides no byte, so it is no part of a recipe. */
export interface GpuChoice {
  /** 'auto': a real adapter where there is one; 'software': any, for tests; 'off': none. */
  readonly use: 'auto' | 'software' | 'off'
  /** For tests: the first device is destroyed during its work of that number. */
  readonly loseAfter?: number
  /** onnxruntime's WebGPU provider measures the result as well; its WASM (27 MB) is fetched for that. */
  readonly asksRuntime?: boolean
}

export interface CompressRequest {
  readonly files: ModelFiles
  /** Every fifth sample of it is for calibration and the others for the test, unless `calibrate` is given. */
  readonly data?: DataFiles
  /** Data to choose ranges on, apart from that of the test. */
  readonly calibrate?: DataFiles
  /** Of the automatic choice; default: no measurable loss. */
  readonly budget?: Budget
  /** Most trials of the automatic choice. */
  readonly maxTrials?: number
  /** Explicit steps, or 'auto' for the automatic choice. */
  readonly recipe: Recipe | 'auto'
  /** The journal's name of this job: finished trials are kept under it, so that a killed job goes on where it was. */
  readonly jobId?: string
  /** Make and measure it again, even where the store has the answer. */
  readonly isFresh?: boolean
  readonly gpu: GpuChoice
}

/** Whose layers are to be measured, and on what. */
export interface SensitivityRequest {
  readonly files: ModelFiles
  readonly data?: DataFiles
  readonly calibrate?: DataFiles
  /** Ends in the step whose layers these are. */
  readonly recipe: Recipe
}

/** A file of a result. Large ones are backed by the origin's private file system, so the Blob is a handle. */
export interface OutputFile {
  readonly name: string
  readonly blob: Blob
}

export interface CompressResult {
  readonly report: Report
  /** The model first, then its external data, then what else belongs beside it. */
  readonly files: readonly OutputFile[]
  /** Under which the store keeps it; null where it could not be kept (`trouble` says why). */
  readonly resultId: string | null
  readonly trouble?: StoreTrouble
  /** When it was made, in milliseconds since 1970, where the store had the answer; nothing was done anew then. */
  readonly storedAt?: number
}

export interface JobWorkerApi extends TrainWorkerApi {
  /** @throws FormatError, UnsupportedError */
  inspect(files: ModelFiles): Promise<InspectReport>
  /** Hash of all its files, the same as in a report; it takes a while for large ones. @throws FormatError */
  identifyModel(files: ModelFiles): Promise<string>
  /** What identifies data in a recipe and in the store. @throws FormatError, UsageError */
  identifyData(data: DataFiles): Promise<{ sha256: string; samples: number }>
  /**
   * Called at most once at a time; cancelling = terminating the worker.
   * @param onProgress a Comlink proxy; called at most ten times a second
   */
  compress(request: CompressRequest, onProgress: (progress: Progress) => void): Promise<CompressResult>
  /**
   * What each layer costs, quantized alone and restored alone, with histograms of inner values.
   * @param onProgress a Comlink proxy; called at most ten times a second
   */
  sensitivity(request: SensitivityRequest, onProgress: (progress: Progress) => void): Promise<SensitivityReport>
}
