import type { Machine } from '../../backends/machine'
import type { FileSet, OutputFolder } from '../../core/bytes'
import type { TrainerOptions, TrainingCheckpoints, TrainingProgress } from '../../engine/train/trainer'
import type { PictureDecoder, SampleFiles } from '../../formats/format'
import type { JobPorts } from '../ports'

/** What to train on what. Everything but the data has a default: the automatic choice. */
export interface TrainRequest {
  /** A table, an idx pair, npz, or pictures in folders. */
  readonly files: SampleFiles
  readonly settings: TrainSettings
  /** Samples of their own for the test; then nothing is split off for it. */
  readonly test?: SampleFiles
  /** A model file to go on with instead of a new one: any ONNX graph whose operators have gradients. */
  readonly from?: FileSet
  /** Where the model goes; created only when training succeeds. `.onnx`, `.safetensors` or `.mjs` by the name's ending. */
  readonly folder: OutputFolder
  readonly outputName: string
}

/** Plain JSON, so that the page, the command line and a stored job speak the same. */
export interface TrainSettings {
  readonly seed: number
  /** A column by name, or by its number from 0 on. Default: guessed. */
  readonly target?: string
  /** Roles that the person changed, by column name. */
  readonly roles?: Readonly<Record<string, 'number' | 'category' | 'ignored'>>
  readonly task?: 'classification' | 'regression'
  /** How numbers of tables are scaled, on the training rows: mean 0 and deviation 1, or from 0 to 1. Default: 'standard'. */
  readonly scaling?: 'standard' | 'min-max'
  /** Widths of hidden layers; [] is a linear model. Default: several are tried, a linear one among them. */
  readonly layers?: readonly number[]
  /** Names of parameters that stay as they are; `*` stands for any text. */
  readonly frozen?: readonly string[]
  readonly epochs?: number
  readonly batchSize?: number
  readonly rate?: number
  readonly optimizer?: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad'
  readonly schedule?: 'constant' | 'step' | 'cosine' | 'warm-up' | 'one-cycle' | 'plateau'
  readonly weightDecay?: number
  /** The largest norm of all gradients together. */
  readonly clipNorm?: number
  /** Decay of the moving average of weights that is kept instead of them, e.g. 0.999. */
  readonly ema?: number
  /** Share of values that are left out at random between hidden layers. */
  readonly dropout?: number
  /** How pictures become inputs of a model that was given (`--preprocess`). */
  readonly preprocess?: string
  /** What is done to pictures at random while training. */
  readonly augment?: readonly Augmentation[]
  readonly patience?: number
  readonly labelSmoothing?: number
  /** Weighs classes by their rarity. */
  readonly balanced?: boolean
  /** Share of the samples for validation and for the test, by default 0.15 each; what is given is the test's. */
  readonly testShare?: number
  readonly validationShare?: number
  /** Several seeds from `seed` on: mean ± standard deviation. */
  readonly seeds?: number
}

export type Augmentation = 'flip' | 'crop' | 'rotate' | 'jitter'

export interface TrainPorts extends Pick<JobPorts, 'signal' | 'onProgress' | 'now' | 'openRuntime'> {
  /** Of the build whose floats are the same on every computer. */
  openMachine(): Promise<Machine | 'reference'>
  /** Needed for folders of pictures. */
  readonly decoder?: PictureDecoder
  /** For a training that was stopped to go on: one blob for the whole job, candidates and seeds included. */
  readonly checkpoints?: TrainingCheckpoints
  /** As of the trainer: pauses, and ends early with what there is; candidates and seeds that were not begun are left out. */
  readonly checkIn?: TrainerOptions['checkIn']
  /** For live curves. */
  readonly onTraining?: (event: TrainingEvent) => void
}

/** Where a job is: several candidates are trained one after the other, then perhaps several seeds. */
export interface TrainingEvent extends TrainingProgress {
  readonly kind: 'linear' | 'mlp' | 'cnn' | 'imported'
  readonly layers: readonly number[]
  /** From 0 on, of `runs`. */
  readonly run: number
  readonly runs: number
  readonly seed: number
}
