/**
 * Trains a model on samples: epochs of steps that are one replayed plan, with a validation after each, early stopping and
 * the best weights kept.
 */
import type { Machine } from '../../backends/machine'
import type { HostArray } from '../../core/host-array'
import type { Note } from '../../core/progress'
import type { Model } from '../../graph/model'
import type { Dataset } from '../data/dataset'
import type { Loss } from '../losses/loss'
import type { Optimizer, Schedule } from '../optim/optimizer'

export interface TrainerOptions {
  readonly machine: Machine | 'reference'
  readonly loss: Loss
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  readonly rate: number
  readonly epochs: number
  readonly batchSize: number
  readonly seed: number
  /** The largest norm of all gradients together (Pascanu et al., arXiv:1211.5063v2, algorithm 1). */
  readonly clipNorm?: number
  readonly weightDecay?: number
  /** Decay of the exponential moving average of weights, which is then what is validated and kept. */
  readonly ema?: number
  /** Epochs without a better validation before it ends. */
  readonly patience?: number
  /** Names of parameters that stay as they are; `*` stands for any text. */
  readonly frozen?: readonly string[]
  /** What the loss compares with the target; default: the model's first output. */
  readonly prediction?: string
  /** Of the validation samples, beside the loss. */
  readonly metric?: () => ValidationMetric
  readonly signal?: AbortSignal
  /** Called after every epoch, and now and then in between. */
  readonly onProgress?: (progress: TrainingProgress) => void
  readonly checkpoints?: TrainingCheckpoints
  /**
   * Asked after every epoch, and between steps at most every 50 ms; the event loop has its turn meanwhile. It waits while
   * the person pauses; 'finish' ends the training at once, with the best weights so far.
   */
  readonly checkIn?: () => Promise<'continue' | 'finish'>
}

/** Takes predictions and targets batch by batch. */
export interface ValidationMetric {
  add(prediction: HostArray, target: HostArray): void
  value(): number
}

export interface TrainingProgress {
  readonly epoch: number
  readonly epochs: number
  readonly step: number
  readonly stepsPerEpoch: number
  /** Of the epochs that are over. */
  readonly history: readonly EpochResult[]
}

export interface EpochResult {
  readonly epoch: number
  /** Mean over the training samples, as they were met. */
  readonly loss: number
  /** Mean loss on the validation samples. */
  readonly validationLoss: number
  /** On the validation samples: accuracy, or R² of regression. */
  readonly validationMetric?: number
  readonly rate: number
  readonly ms: number
}

/** Where a training that was stopped goes on. One blob, written after every epoch. */
export interface TrainingCheckpoints {
  load(): Promise<Uint8Array<ArrayBuffer> | null>
  save(bytes: Uint8Array<ArrayBuffer>): Promise<void>
}

export interface TrainingData {
  readonly train: Dataset
  readonly validation: Dataset
}

export interface Trained {
  /** The model with the best weights; its graph is that which was given. */
  readonly model: Model
  readonly parameters: ReadonlyMap<string, HostArray>
  readonly history: readonly EpochResult[]
  readonly bestEpoch: number
  readonly notes: readonly Note[]
}
