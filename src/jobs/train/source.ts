/** Data as training needs it, whatever it was read from. */
import type { Note } from '../../core/progress'
import type { Dataset } from '../../engine/data/dataset'
import type { Samples } from '../../formats/format'
import type { Model } from '../../graph/model'
import type { TrainedData } from './report'
import type { TrainSettings } from './request'

export const PARTS = ['train', 'validation', 'test'] as const
export type Part = (typeof PARTS)[number]
/** Sample numbers of each part. */
export type Split = Readonly<Record<Part, ArrayLike<number>>>

export const partsOf = <T>(make: (part: Part) => T): Record<Part, T> => ({
  train: make('train'),
  validation: make('validation'),
  test: make('test'),
})

export interface Shares {
  readonly seed: number
  readonly validation: number
  readonly test: number
}

/** Of the samples, for validation and for the test each. */
const DEFAULT_SHARE = 0.15

export const sharesOf = (settings: TrainSettings, seed: number): Shares => ({
  seed,
  validation: settings.validationShare ?? DEFAULT_SHARE,
  test: settings.testShare ?? DEFAULT_SHARE,
})

export type Task =
  | { readonly kind: 'classification'; readonly classes: readonly string[] }
  /** Trained on (y − mean) / deviation. */
  | { readonly kind: 'regression' }

/** What a network for the data takes. */
export type NetworkInput = { readonly kind: 'row'; readonly size: number } | PictureInput
export interface PictureInput {
  readonly kind: 'picture'
  readonly channels: 1 | 3
  readonly height: number
  readonly width: number
}

export interface TrainingSource {
  readonly name: string
  readonly samples: number
  /** Of the files' bytes. */
  readonly sha256: string
  readonly task: Task
  readonly notes: readonly Note[]
  /** For the report, without the split. */
  readonly facts: Omit<TrainedData, 'split'>
  split(shares: Shares): Split
  /** What is learned of the data itself (ranges, categories, means) is learned from the training part alone. */
  prepare(split: Split): Prepared | Promise<Prepared>
  /** A part as it was given: raw columns, or pictures. */
  raw(split: Split, part: Part): Samples
}

/** Samples with the fields 'features' and 'target'. */
export interface Prepared {
  readonly input: NetworkInput
  readonly parts: Readonly<Record<Part, Dataset>>
  readonly targets: Readonly<Record<Part, Targets>>
  /** Of a regression's targets in the training part. */
  readonly scale?: { readonly mean: number; readonly deviation: number }
  readonly notes: readonly Note[]
  /** How pictures become inputs of the finished model. */
  readonly preprocess?: string
  /**
   * Puts in front of a trained network what makes its features of raw columns or pixels; of a regression, behind it what
   * makes numbers in units of the column.
   */
  withInputs(network: Model): Model
}

/** Class numbers, or numbers in units of the target column. */
export type Targets = Int32Array | Float64Array
