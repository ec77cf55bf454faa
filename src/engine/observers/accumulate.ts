import type { Bins } from '../../backends/histogram'
import { BINS, binsFor, binsWith, commonBins, holds, rebinned } from './ladder'
import type { Range, ValueStatistics } from './observer'

/** Weight of the newest sample in moving averages, unless said otherwise; that of PyTorch's observers. */
export const AVERAGE_RATE = 0.01

/** What was seen of a value so far; as large after a thousand samples as after one. */
export class ValueAccumulator {
  readonly #rate: number
  #samples = 0
  #seen: Range | undefined
  #average: Range = { min: 0, max: 0 }
  #at: Bins | undefined
  #counts = new Float64Array(0)

  constructor(rate = AVERAGE_RATE) {
    this.#rate = rate
  }

  /** Where the next sample is to be counted; undefined before the first. */
  get at(): Bins | undefined {
    return this.#at
  }

  /** Once a sample, before its counts; an empty value has a range from Infinity to −Infinity. */
  addRange({ min, max }: Range): void {
    this.#samples++
    if (min > max) return
    const average = this.#average
    this.#average = this.#seen
      ? { min: mean(average.min, min, this.#rate), max: mean(average.max, max, this.#rate) }
      : { min, max }
    this.#seen = { min: Math.min(this.#seen?.min ?? min, min), max: Math.max(this.#seen?.max ?? max, max) }
  }

  /** Makes room for all ranges that were added. @returns whether bins lie otherwise than before */
  makeRoom(): boolean {
    const seen = withZero(this.#seen)
    const before = this.#at
    if (before && holds(before, seen)) return false
    this.#at = before ? binsWith(before, seen) : binsFor(seen)
    this.#counts = before ? rebinned(this.#counts, before, this.#at) : new Float64Array(BINS)
    return true
  }

  /** @param counts of one sample, in the bins `at` */
  addCounts(counts: ArrayLike<number>): void {
    const sums = this.#counts
    for (let bin = 0; bin < sums.length; bin++) sums[bin] = (sums[bin] as number) + (counts[bin] as number)
  }

  get statistics(): ValueStatistics {
    return {
      samples: this.#samples,
      ...(this.#seen ?? { min: 0, max: 0 }),
      averageMin: this.#average.min,
      averageMax: this.#average.max,
      ...(this.#at && { counts: this.#counts.slice(), at: this.#at }),
    }
  }
}

/** x₁, then a·(1 − rate) + x·rate. */
const mean = (average: number, newest: number, rate: number): number => average * (1 - rate) + newest * rate

const withZero = (range: Range | undefined): Range => ({
  min: Math.min(0, range?.min ?? 0),
  max: Math.max(0, range?.max ?? 0),
})

/**
 * Statistics of all samples from those of two parts; counts where both have them. Bins are exact, whatever the parts. The
 * averages are those of a stream in which each sample of `later` was its average.
 */
export function mergeStatistics(first: ValueStatistics, later: ValueStatistics, rate = AVERAGE_RATE): ValueStatistics {
  const range = { min: Math.min(first.min, later.min), max: Math.max(first.max, later.max) }
  const newest = 1 - (1 - rate) ** later.samples
  const merged = {
    samples: first.samples + later.samples,
    ...range,
    averageMin: mean(first.averageMin, later.averageMin, newest),
    averageMax: mean(first.averageMax, later.averageMax, newest),
  }
  if (!first.counts || !first.at || !later.counts || !later.at) return merged
  const at = commonBins(first.at, later.at, withZero(range))
  const counts = rebinned(first.counts, first.at, at)
  rebinned(later.counts, later.at, at).forEach((count, bin) => (counts[bin] = (counts[bin] as number) + count))
  return { ...merged, counts, at }
}
