import { formatBytes, formatDb, formatPercent } from '../../core/format-text'
import type { Budget } from '../report'
import { distanceOf, type Score } from './score'
import type { ScoredTrial } from './trial'

/** Worst output that still counts as right, and the share of samples whose class must stay. */
export const MIN_SQNR_DB = 30
export const MIN_AGREEMENT = 0.98

/** Noise of at most a tenth of the signal: for a result whose answers agree. */
const MIN_AGREEING_SQNR_DB = 20
/** An output with less is not what it was. */
export const COLLAPSED_DB = 5
/** Share of answers that must stay as far as the samples can tell, where labels say that the result is as good. */
const MIN_LABELLED_AGREEMENT = 0.95
/** Sizes this close count as one: ranges and names differ by a few bytes. */
export const SIZE_TOLERANCE = 0.01

/** null where the budget is kept, else the reason in words. The budget's size is looked at in `chooseTrial`. */
export function whyNot(budget: Budget, { sizeBytes, score }: ScoredTrial, originalBytes: number): string | null {
  if (sizeBytes >= originalBytes) {
    return `not smaller (${formatBytes(sizeBytes)} instead of ${formatBytes(originalBytes)})`
  }
  if (budget.kind === 'size') {
    if (sizeBytes <= budget.sizeBytes) return null
    return `above the budget (${formatBytes(sizeBytes)} instead of ${formatBytes(budget.sizeBytes)})`
  }
  const collapsed = score.outputs.find(({ sqnrDb }) => sqnrDb !== null && sqnrDb < COLLAPSED_DB)
  if (collapsed) return `output "${collapsed.name}" is lost (${formatDb(collapsed.sqnrDb)})`
  return budget.kind === 'drop' ? whyNotDrop(score, budget.drop) : whyNotUnchanged(score)
}

function whyNotDrop({ metric, drop, relativeDrop }: Score, limit: number): string | null {
  if (relativeDrop <= limit) return null
  const [lost, most] = [formatPercent(relativeDrop, 2), formatPercent(limit, 2)]
  if (metric === 'accuracy') return `accuracy falls by ${lost}, at most ${most} is allowed`
  if (metric === 'agreement') return `${lost} of the answers changed, at most ${most} may`
  if (metric === 'sqnr') return `noise is ${lost} of the signal, at most ${most} is allowed`
  const nats = drop.toFixed(4)
  return `the mean negative log-likelihood rises by ${nats} nats (${lost}), at most ${most} is allowed`
}

/** "No measurable loss" on the scoring samples. */
function whyNotUnchanged({ metric, ci95, agreement, sqnrDb, samples }: Score): string | null {
  const isClose = sqnrDb === null || sqnrDb >= MIN_SQNR_DB
  const agrees = agreement === undefined || agreement >= MIN_AGREEMENT
  if (isClose && agrees) return null
  if (ci95) {
    if (ci95[0] > 0) {
      const [low, high] = ci95
      if (metric === 'accuracy') {
        return `a measurable loss: accuracy falls by ${formatPercent(low, 2)} to ${formatPercent(high, 2)}`
      }
      const nats = low.toFixed(4)
      return `a measurable loss: the mean negative log-likelihood rises by ${nats} to ${high.toFixed(4)} nats`
    }
    const most = agreement === undefined ? 1 : upperShare(agreement, samples)
    if (most >= MIN_LABELLED_AGREEMENT) return null
    return tooFew(agreement ?? 0, MIN_LABELLED_AGREEMENT)
  }
  if (agreement !== undefined && !agrees) return tooFew(agreement, MIN_AGREEMENT)
  const least = agreement === undefined ? MIN_SQNR_DB : MIN_AGREEING_SQNR_DB
  if (sqnrDb === null || sqnrDb >= least) return null
  return `outputs differ too much (${formatDb(sqnrDb)}, at least ${least} dB is asked for)`
}

const tooFew = (agreement: number, least: number) =>
  `only ${formatPercent(agreement)} of the answers agree, at least ${formatPercent(least, 0)} is asked for`

/** 97.5 % point of the standard normal. */
const Z95 = 1.959963984540054

/**
 * The upper end of Wilson's 95 % interval of a share.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
 */
export function upperShare(share: number, n: number): number {
  const z2 = Z95 * Z95
  const centre = share + z2 / (2 * n)
  const spread = Z95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n))
  return Math.min(1, (centre + spread) / (1 + z2 / n))
}

/** What calibration data is given for: these compute in integers, and their weights are as small. */
const INTEGER_METHODS = new Set(['static-int8', 'dynamic-int8'])
/** What integers may cost beside integer weights that are computed in floats: a pair of nodes a value. */
const INTEGER_TOLERANCE = 0.1

export const computesInIntegers = ({ steps }: ScoredTrial) => steps.some(({ method }) => INTEGER_METHODS.has(method))

/**
 * The trial that a budget asks for. Of a size: the closest to the original that is not larger. Else the smallest that
 * keeps the budget, and of those of nearly its size the closest; but what computes in integers goes before what merely
 * stores them, up to a tenth more: runtimes have kernels for it, and a clock must not decide.
 */
export function chooseTrial(
  budget: Budget,
  trials: readonly ScoredTrial[],
  originalBytes: number,
): ScoredTrial | undefined {
  const kept = trials.filter((trial) => whyNot(budget, trial, originalBytes) === null)
  if (budget.kind === 'size') return closest(kept)
  return smallestOf(kept.filter(({ use }) => use === undefined)) ?? smallestOf(kept.filter(({ use }) => use !== 'size'))
}

function smallestOf(trials: readonly ScoredTrial[]): ScoredTrial | undefined {
  const smallest = leastBytes(trials)
  const integer = trials.filter(
    (trial) => computesInIntegers(trial) && trial.sizeBytes <= smallest * (1 + INTEGER_TOLERANCE),
  )
  const among = integer.length > 0 ? integer : trials
  const least = leastBytes(among)
  return closest(among.filter(({ sizeBytes }) => sizeBytes <= least * (1 + SIZE_TOLERANCE)))
}

const leastBytes = (trials: readonly ScoredTrial[]) => Math.min(...trials.map(({ sizeBytes }) => sizeBytes))

/** The first of equals. */
export function closest(trials: readonly ScoredTrial[]): ScoredTrial | undefined {
  return trials.reduce<ScoredTrial | undefined>(
    (best, trial) => (best && distanceOf(best.score) <= distanceOf(trial.score) ? best : trial),
    undefined,
  )
}
