/** How sure a difference is that was measured on some samples. */
import { Random } from '../core/random'
import type { Interval } from './interval'

/** 97.5 % point of the standard normal. */
const Z95 = 1.959963984540054

const RESAMPLES = 10_000
const FEWEST_RESAMPLES = 200
/** Draws of one interval, some tenths of a second; with more samples fewer resamples do. */
const MOST_DRAWS = 2e7
/** Samples that are drawn by the same numbers give the same interval everywhere. */
const SEED = 0

export interface Bootstrap {
  readonly interval: Interval
  readonly resamples: number
  readonly seed: number
}

/**
 * 95 % interval of a mean of values that come in groups (Σ sum / Σ count), by drawing as many groups with replacement as
 * there are and taking the 2.5 % and 97.5 % points (interpolated) of the means found. Each group holds both models'
 * answers, so pairs stay together.
 * Source: Efron & Tibshirani, An Introduction to the Bootstrap (1993), section 13.3 (percentile interval).
 * @param sums of each group; `counts` how many values it has
 * @returns undefined for fewer than two groups
 */
export function bootstrapInterval(
  sums: readonly number[],
  counts: readonly number[],
  { resamples: wished = RESAMPLES, seed = SEED } = {},
): Bootstrap | undefined {
  const n = sums.length
  if (n < 2) return undefined
  const resamples = Math.min(wished, Math.max(FEWEST_RESAMPLES, Math.floor(MOST_DRAWS / n)))
  const random = new Random(seed)
  const means = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    let sum = 0
    let count = 0
    for (let draw = 0; draw < n; draw++) {
      const group = random.below(n)
      sum += sums[group] as number
      count += counts[group] as number
    }
    means[i] = count === 0 ? 0 : sum / count
  }
  means.sort()
  return { interval: [pointOf(means, 0.025), pointOf(means, 0.975)], resamples, seed }
}

/** Interpolated between neighbours (NumPy's default). */
function pointOf(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const low = Math.floor(place)
  const a = sorted[low] as number
  return a + ((sorted[low + 1] ?? a) - a) * (place - low)
}

/**
 * McNemar's exact test: were losses and gains equally likely, how likely would be a table at least as uneven?
 * Two-sided binomial probability, min(1, 2 · P(X ≤ min(lost, gained))) with X ~ B(lost + gained, ½).
 * Source: McNemar, Psychometrika 12 (1947); the exact form in Agresti, Categorical Data Analysis, 3rd edition, 11.1.1.
 */
export function mcnemarP(lost: number, gained: number): number {
  const n = lost + gained
  const fewer = Math.min(lost, gained)
  // in logarithms: 2^−n is zero for some thousand changes
  let term = -n * Math.LN2
  let total = Math.exp(term)
  for (let k = 1; k <= fewer; k++) {
    term += Math.log((n - k + 1) / k)
    total += Math.exp(term)
  }
  return Math.min(1, 2 * total)
}

/**
 * 95 % interval of a share.
 * Source: Wilson, Journal of the American Statistical Association 22 (1927); Agresti & Coull (1998), equation 2.
 */
export function wilsonInterval(hits: number, n: number): Interval {
  if (n === 0) return [0, 1]
  const share = hits / n
  const z2 = Z95 * Z95
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n)
  const spread = (Z95 * Math.sqrt((share * (1 - share) + z2 / (4 * n)) / n)) / (1 + z2 / n)
  return [Math.max(0, middle - spread), Math.min(1, middle + spread)]
}
