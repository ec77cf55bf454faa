import type { OutputQuality, Quality } from '../../evaluate/quality'
import type { SearchFacts } from '../report'

/** What a trial made of the scoring samples, against the original. */
export interface Score {
  readonly metric: SearchFacts['metric']
  readonly samples: number
  /** Lost accuracy or agreement as a fraction, nll in nats, |noise|/|signal| of the outputs; above zero is worse. */
  readonly drop: number
  /** `drop` as a share of what the original has; the same as `drop` but for nll. */
  readonly relativeDrop: number
  /** 95 % interval of `drop`, where labels give one. */
  readonly ci95?: readonly [number, number]
  readonly agreement?: number
  /** Worst output; null = identical. */
  readonly sqnrDb: number | null
  readonly outputs: readonly OutputQuality[]
}

export function scoreOf(quality: Quality): Score {
  const { samples, sqnrDb, outputs, task, top1Agreement: agreement } = quality
  const measured = { samples, sqnrDb, outputs, ...(agreement !== undefined && { agreement }) }
  if (task) {
    const { metric, drop, ci95, before } = task
    const relativeDrop = metric === 'nll' ? drop / Math.max(before, Number.MIN_VALUE) : drop
    return { ...measured, metric, drop, relativeDrop, ci95 }
  }
  const drop = agreement !== undefined ? 1 - agreement : noiseRatio(sqnrDb)
  return { ...measured, metric: agreement !== undefined ? 'agreement' : 'sqnr', drop, relativeDrop: drop }
}

/** |noise|/|signal| of decibels; null is no noise. */
export function noiseRatio(sqnrDb: number | null): number {
  return sqnrDb === null ? 0 : 10 ** (-sqnrDb / 20)
}

/** How much a changed answer weighs against noise in the outputs. */
const NOISE_WEIGHT = 0.25

/**
 * How far a trial is from the original, for putting trials of one size into an order: changed answers and noise.
 * Few samples see few answers change, while noise is seen in every one of them; and a drop of accuracy is a small
 * difference of answers lost and won, so that it tells less than both of them together.
 */
export function distanceOf({ agreement, sqnrDb }: Score): number {
  return agreement === undefined ? noiseRatio(sqnrDb) : 1 - agreement + NOISE_WEIGHT * noiseRatio(sqnrDb)
}
