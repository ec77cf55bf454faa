import { roundHalfEven } from '../core/tensor'

/** Products beyond it count as it: `roundHalfEven` of a float32 below it is exact everywhere. */
export const MOST_STEPS = 2 ** 22

/** Where the bins of a histogram lie: bin k holds what rounds to `first + k` steps. */
export interface Bins {
  /** float32 reciprocal of the width of a bin; 0: everything is in the first. */
  readonly reciprocal: number
  readonly first: number
}

/**
 * Bins from `low` to `high`, the middle of the first at `low`, of the last at `high`, each within half a bin: middles are multiples
 * of the width, so that 0 is one. They are wider than asked for where float32 has no numbers in between. Computed on the
 * host, once for all backends.
 * @param bins at least 2, at most 2²⁰
 */
export function binsBetween(low: number, high: number, bins: number): Bins {
  const most = MOST_STEPS / 2 / Math.max(Math.abs(low), Math.abs(high))
  const reciprocal = Math.fround(Math.min((bins - 1) / (high - low), most))
  if (!Number.isFinite(reciprocal) || high <= low) return { reciprocal: 0, first: 0 }
  return { reciprocal, first: roundHalfEven(Math.fround(low * reciprocal)) + 0 }
}
