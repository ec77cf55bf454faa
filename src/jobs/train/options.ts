/** Settings as people give them → options of the trainer, with defaults that suit the data. */
import { UsageError } from '../../core/errors'
import { crossEntropy, mse, type Loss } from '../../engine/losses'
import {
  adagrad,
  adam,
  adamw,
  constant,
  cosine,
  oneCycle,
  plateau,
  rmsprop,
  sgd,
  stepwise,
  warmUp,
  type Optimizer,
  type Schedule,
} from '../../engine/optim'
import type { TrainerOptions } from '../../engine/train/trainer'
import type { Candidate } from './candidates'
import type { TrainSettings } from './request'
import type { Task } from './source'

type Defaults = Pick<TrainerOptions, 'epochs' | 'batchSize' | 'rate' | 'weightDecay' | 'patience'> & {
  readonly schedule: NonNullable<TrainSettings['schedule']>
}

/** Steps after which a small network has learned what a table says. */
const TABLE_STEPS = 6000
/** Pictures that a small CNN sees, again and again: four times those of MNIST. */
const PICTURES_SEEN = 200_000
/** A small table is seen so often at most. */
const MOST_EPOCHS = 300

/** @param samples of the training part */
export function defaultsFor(kind: Candidate['kind'], samples: number): Defaults {
  if (kind === 'cnn') {
    const epochs = Math.round(Math.min(30, Math.max(3, PICTURES_SEEN / samples)))
    return { ...{ epochs, batchSize: 64, rate: 3e-3, weightDecay: 1e-2 }, schedule: 'one-cycle' }
  }
  if (kind === 'imported') return { ...{ epochs: 5, batchSize: 32, rate: 1e-3, weightDecay: 1e-2 }, schedule: 'cosine' }
  const batchSize = samples < 2000 ? 32 : samples < 20_000 ? 64 : 256
  const epochs = Math.round(Math.min(MOST_EPOCHS, Math.max(20, TABLE_STEPS / Math.ceil(samples / batchSize))))
  const rate = kind === 'linear' ? 1e-2 : 3e-3
  return { epochs, batchSize, rate, weightDecay: 1e-2, patience: 20, schedule: 'cosine' }
}

const OPTIMIZERS: Readonly<Record<NonNullable<TrainSettings['optimizer']>, () => Optimizer>> = {
  sgd: () => sgd({ momentum: 0.9 }),
  adam: () => adam(),
  adamw: () => adamw(),
  rmsprop: () => rmsprop(),
  adagrad: () => adagrad(),
}

const SCHEDULES: Readonly<Record<NonNullable<TrainSettings['schedule']>, (epochs: number, steps: number) => Schedule>> =
  {
    constant: () => constant(),
    step: (epochs) => stepwise({ size: Math.max(1, Math.ceil(epochs / 3)) }),
    cosine: () => cosine(),
    'warm-up': (_, steps) => warmUp({ steps: Math.max(1, Math.ceil(steps / 20)), then: cosine() }),
    'one-cycle': () => oneCycle(),
    plateau: () => plateau({ patience: 5, factor: 0.3 }),
  }
export const OPTIMIZER_NAMES = Object.keys(OPTIMIZERS)
export const SCHEDULE_NAMES = Object.keys(SCHEDULES)

export type ChosenOptions = Pick<
  TrainerOptions,
  'optimizer' | 'schedule' | 'rate' | 'epochs' | 'batchSize' | 'weightDecay' | 'patience' | 'clipNorm' | 'ema' | 'loss'
>

export interface OptionsFor {
  readonly kind: Candidate['kind']
  readonly task: Task
  /** Classes of the training samples; undefined for regression. */
  readonly labels?: ArrayLike<number>
  readonly samples: number
}

/** @throws UsageError for a setting out of its range */
export function chooseOptions(settings: TrainSettings, { kind, task, labels, samples }: OptionsFor): ChosenOptions {
  const defaults = defaultsFor(kind, samples)
  const { epochs = defaults.epochs, rate = defaults.rate, patience = defaults.patience } = settings
  const batchSize = Math.min(settings.batchSize ?? defaults.batchSize, samples)
  const { clipNorm, ema, weightDecay = defaults.weightDecay } = settings
  checkSettings({
    epochs,
    batchSize,
    rate,
    ...(clipNorm !== undefined && { clipNorm }),
    ...(ema !== undefined && { ema }),
  })
  const steps = epochs * Math.ceil(samples / batchSize)
  return {
    ...{ epochs, batchSize, rate, loss: lossFor(settings, task, labels) },
    optimizer: OPTIMIZERS[settings.optimizer ?? 'adamw'](),
    schedule: SCHEDULES[settings.schedule ?? defaults.schedule](epochs, steps),
    ...(weightDecay !== undefined && { weightDecay }),
    ...(patience !== undefined && { patience }),
    ...(clipNorm !== undefined && { clipNorm }),
    ...(ema !== undefined && { ema }),
  }
}

function lossFor({ balanced, labelSmoothing }: TrainSettings, task: Task, labels?: ArrayLike<number>): Loss {
  if (task.kind === 'regression') return mse()
  const weights = balanced && labels ? balancedWeights(labels, task.classes.length) : undefined
  return crossEntropy({ ...(weights && { weights }), ...(labelSmoothing !== undefined && { labelSmoothing }) })
}

/** samples / (classes · samples of the class): each class counts alike. */
function balancedWeights(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (let i = 0; i < labels.length; i++) counts[labels[i] as number] = (counts[labels[i] as number] as number) + 1
  return counts.map((count) => (count === 0 ? 1 : labels.length / (classes * count)))
}

type Checked = Pick<TrainSettings, 'epochs' | 'batchSize' | 'rate' | 'clipNorm' | 'ema'>

function checkSettings({ epochs = 1, batchSize = 1, rate = 1, clipNorm = 1, ema = 0 }: Checked): void {
  const refuse = (problem: string): never => {
    throw new UsageError(problem)
  }
  if (!(epochs >= 1)) refuse(`The number of epochs should be at least 1 and is ${epochs}.`)
  if (!(batchSize >= 1)) refuse(`The batch size should be at least 1 and is ${batchSize}.`)
  if (!(rate > 0)) refuse(`The learning rate should be above 0 and is ${rate}.`)
  if (!(ema >= 0 && ema < 1)) refuse(`The decay of the moving average should be from 0 to below 1 and is ${ema}.`)
  if (!(clipNorm > 0)) refuse(`The norm that gradients are clipped to should be above 0 and is ${clipNorm}.`)
}
