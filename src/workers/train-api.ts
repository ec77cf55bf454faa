/** What the job worker offers for training. Only ids, small JSON, Files and Blobs cross (R8). */
import type { Progress } from '../core/progress'
import type { DataPreview } from '../jobs/train/preview'
import type { TrainReport } from '../jobs/train/report'
import type { TrainingEvent, TrainSettings } from '../jobs/train/request'
import type { DataFiles, OutputFile } from './job-api'

/** What to train on, and how. */
export interface TrainAsk {
  readonly data: DataFiles
  readonly settings: TrainSettings
}

export interface TrainJob extends TrainAsk {
  /** The journal's name of the card: checkpoints and results are kept under it. */
  readonly jobId: string
}

/** What a running training tells: its stage, or its curves. */
export type TrainNews =
  { readonly kind: 'stage'; readonly progress: Progress } | { readonly kind: 'curves'; readonly event: TrainingEvent }

export interface TrainResult {
  readonly report: TrainReport
  /** The trained model as ONNX. */
  readonly model: OutputFile
  /** What it was asked for with. */
  readonly settings: TrainSettings
}

/** 'pause' keeps everything in memory, and on the disk as far as it is; 'finish' takes the best weights so far. */
export type Steering = 'pause' | 'resume' | 'finish'

export type TrainedFormat = 'safetensors' | 'javascript'

export interface TrainWorkerApi {
  /** What training would make of the data. @throws FormatError, UsageError */
  preview(ask: TrainAsk): Promise<DataPreview>
  /**
   * Called at most once at a time; cancelling = terminating the worker. Goes on from the checkpoint of an earlier start.
   * @param onNews a Comlink proxy; called at most ten times a second
   * @throws FormatError, UsageError, UnsupportedError
   */
  train(job: TrainJob, onNews: (news: TrainNews) => void): Promise<TrainResult>
  /** Says to the running training what a person decided. */
  steer(decision: Steering): Promise<void>
  /** Results that are kept of a card, oldest first. */
  trained(jobId: string): Promise<readonly TrainResult[]>
  /** A trained model in another format, and what belongs beside it; the main file first. @throws UnsupportedError */
  exportTrained(model: OutputFile, format: TrainedFormat): Promise<readonly OutputFile[]>
}
