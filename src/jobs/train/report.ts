/** What training a table or pictures gave; DESIGN.md, "Command line". Plain JSON: rates are fractions, times milliseconds. */
import type { EpochResult } from '../../engine/train/trainer'
import type { Note } from '../../core/progress'

export interface TrainReport {
  readonly version: 1
  readonly output?: { readonly path: string; readonly sizeBytes: number; readonly sha256: string }
  readonly data: TrainedData
  readonly model: TrainedModel
  /** `train`: of at most 10 000 training samples. */
  readonly metrics: Readonly<Record<'train' | 'validation' | 'test', Metrics>>
  readonly baseline: Metrics & { readonly what: string }
  readonly epochs: number
  readonly bestEpoch: number
  readonly history: readonly EpochResult[]
  /** Several seeds: mean and standard deviation of the test's main metric. */
  readonly seeds?: {
    readonly metric: string
    readonly mean: number
    readonly sd: number
    readonly values: readonly number[]
  }
  /** Of the test split. */
  readonly curves?: Curves
  readonly timing: { readonly totalMs: number; readonly msPerEpoch: number }
  readonly notes: readonly Note[]
}

export interface TrainedData {
  readonly rows: number
  readonly columns: number
  readonly target: string
  readonly task: 'classification' | 'regression'
  readonly classes?: readonly string[]
  readonly ignored: readonly { readonly column: string; readonly why: string }[]
  readonly split: { readonly train: number; readonly validation: number; readonly test: number }
}

export interface TrainedModel {
  /** 'linear', 'mlp', 'cnn', 'imported' */
  readonly kind: string
  /** Widths of hidden layers. */
  readonly layers: readonly number[]
  readonly parameters: number
  /** How pictures become its inputs, as `--preprocess` says it. */
  readonly preprocess?: string
  /** What else was tried, with its validation loss, best first. */
  readonly candidates: readonly {
    readonly kind: string
    readonly layers: readonly number[]
    readonly validationLoss: number
  }[]
}

export interface Metrics {
  readonly loss: number
  readonly accuracy?: number
  /** Of the rarer class of two, else the mean over classes. */
  readonly f1?: number
  readonly auc?: number
  readonly prAuc?: number
  readonly r2?: number
  readonly rmse?: number
  readonly mae?: number
}

export interface Curves {
  /** [actual][predicted] */
  readonly confusion?: readonly (readonly number[])[]
  readonly perClass?: readonly {
    readonly name: string
    readonly samples: number
    readonly precision: number
    readonly recall: number
    readonly f1: number
  }[]
  /** Of two classes: points from (0, 0) to (1, 1), at most 200. */
  readonly roc?: readonly { readonly falsePositives: number; readonly truePositives: number }[]
  /** Regression: at most 500 samples. */
  readonly predictions?: readonly { readonly actual: number; readonly predicted: number }[]
}
