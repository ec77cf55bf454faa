import type { OutputFolder } from '../../core/bytes'
import type { SampleFiles } from '../../formats/format'
import type { TrainerOptions, TrainingCheckpoints } from '../../engine/train/trainer'
import type { Machine } from '../../backends/machine'
import type { JobPorts } from '../ports'

/** What to train on what. Everything but the data has a default: the automatic choice. */
export interface TrainRequest {
  /** A table, an idx pair, npz, or pictures in folders. */
  readonly files: SampleFiles
  readonly settings: TrainSettings
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
  /** Widths of hidden layers; [] is a linear model. Default: several are tried, a linear one among them. */
  readonly layers?: readonly number[]
  /** A model file to go on with instead of a new one: any ONNX graph whose operators have gradients. */
  readonly frozen?: readonly string[]
  readonly epochs?: number
  readonly batchSize?: number
  readonly rate?: number
  readonly optimizer?: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad'
  readonly schedule?: 'constant' | 'step' | 'cosine' | 'warm-up' | 'one-cycle' | 'plateau'
  readonly weightDecay?: number
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

export interface TrainPorts extends Pick<JobPorts, 'signal' | 'onProgress' | 'now' | 'openRuntime'> {
  openMachine(): Promise<Machine>
  readonly checkpoints?: TrainingCheckpoints
  /** As of the trainer: pauses, and ends early with what there is; candidates and seeds that were not begun are left out. */
  readonly checkIn?: TrainerOptions['checkIn']
}
