/**
 * Learning rates over time. PyTorch's definitions (torch.optim.lr_scheduler), where a tick is a call of its `step()`: an
 * optimizer's step, or an epoch.
 */
import { UsageError } from '../../core/errors'
import type { Schedule, ScheduleContext } from './optimizer'

/** What a schedule counts. */
export type Tick = 'step' | 'epoch'

const ticks = (step: number, { stepsPerEpoch }: ScheduleContext, every: Tick): number =>
  every === 'step' ? step : Math.floor(step / stepsPerEpoch)

const allTicks = (about: ScheduleContext, every: Tick): number =>
  every === 'step' ? about.totalSteps : Math.ceil(about.totalSteps / about.stepsPerEpoch)

export const constant = (): Schedule => ({ name: 'constant', rate: (_, { base }) => base })

export interface StepOptions {
  /** Ticks between two drops. */
  readonly size: number
  readonly gamma?: number
  readonly every?: Tick
}

/** Times `gamma` every `size` ticks. As StepLR. @throws UsageError for a size that is not a whole number above 0 */
export function stepwise({ size, gamma = 0.1, every = 'epoch' }: StepOptions): Schedule {
  if (!Number.isInteger(size) || size < 1) {
    throw new UsageError(`step: size should be a whole number above 0 and is ${size}.`)
  }
  return {
    name: 'step',
    rate: (step, about) => about.base * gamma ** Math.floor(ticks(step, about, every) / size),
  }
}

export interface CosineOptions {
  /** The rate at the end, as a share of the base rate. */
  readonly floor?: number
  /** Ticks from the base rate to the floor; default: all there are. */
  readonly length?: number
  readonly every?: Tick
}

/** Half a cosine from the base rate to the floor (Loshchilov & Hutter, arXiv:1608.03983v5, eq. 5). As CosineAnnealingLR. */
export function cosine({ floor = 0, length, every = 'step' }: CosineOptions = {}): Schedule {
  return {
    name: 'cosine',
    rate(step, about) {
      const total = length ?? allTicks(about, every)
      const share = (1 + Math.cos((Math.PI * ticks(step, about, every)) / total)) / 2
      return about.base * (floor + (1 - floor) * share)
    },
  }
}

export interface WarmUpOptions {
  /** Steps until the base rate is reached. */
  readonly steps: number
  /** The first step's rate as a share of the base rate. */
  readonly from?: number
  /** What follows; it counts from the end of the warm-up. */
  readonly then?: Schedule
}

/** A straight line up to the base rate, then another schedule. As LinearLR in a SequentialLR. */
export function warmUp({ steps, from = 1 / 3, then = constant() }: WarmUpOptions): Schedule {
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UsageError(`warm-up: steps should be a whole number above 0 and is ${steps}.`)
  }
  return {
    name: then.name === 'constant' ? 'warm-up' : `warm-up, ${then.name}`,
    rate(step, about) {
      if (step < steps) return about.base * (from + ((1 - from) * step) / steps)
      return then.rate(step - steps, { ...about, totalSteps: Math.max(1, about.totalSteps - steps) })
    },
  }
}

export interface OneCycleOptions {
  /** The share of all steps on which the rate rises. */
  readonly rising?: number
  /** The first rate is the base rate divided by this. */
  readonly startFactor?: number
  /** The last rate is the first one divided by this. */
  readonly endFactor?: number
  readonly shape?: 'cosine' | 'line'
}

/**
 * Up to the base rate and down to almost nothing (Smith & Topin, arXiv:1708.07120v3). As OneCycleLR in two phases, without
 * its cycle of momenta.
 */
export function oneCycle(options: OneCycleOptions = {}): Schedule {
  const { rising = 0.3, startFactor = 25, endFactor = 1e4, shape = 'cosine' } = options
  const between = (from: number, to: number, share: number) =>
    shape === 'line' ? from + (to - from) * share : to + ((from - to) * (1 + Math.cos(Math.PI * share))) / 2
  return {
    name: 'one-cycle',
    rate(step, { base, totalSteps }) {
      const first = base / startFactor
      const [top, last] = [rising * totalSteps - 1, totalSteps - 1]
      if (step <= top) return between(first, base, top === 0 ? 1 : step / top)
      return between(base, first / endFactor, Math.min(1, (step - top) / (last - top)))
    },
  }
}

export interface PlateauOptions {
  readonly factor?: number
  /** Epochs without a better validation loss before the rate drops. */
  readonly patience?: number
  /** How much better the loss must be, as a share of the best one. */
  readonly threshold?: number
  /** Epochs after a drop that do not count. */
  readonly cooldown?: number
  /** The smallest rate, as a share of the base rate. */
  readonly floor?: number
}

/** Times `factor` when the validation loss falls no more. As ReduceLROnPlateau. */
export function plateau(options: PlateauOptions = {}): Schedule {
  const { factor = 0.1, patience = 10, threshold = 1e-4, cooldown = 0, floor = 0 } = options
  return {
    name: 'plateau',
    rate(_, { base, validation }) {
      let [share, best, bad, cooling] = [1, Infinity, 0, 0]
      for (const loss of validation) {
        const isBetter = loss < best * (1 - threshold)
        if (isBetter) best = loss
        bad = isBetter ? 0 : bad + 1
        if (cooling > 0) {
          cooling--
          bad = 0
        }
        if (bad > patience) {
          share = Math.max(share * factor, floor)
          cooling = cooldown
          bad = 0
        }
      }
      return base * share
    },
  }
}
