/** 97.5 % point of the standard normal. */
const Z95 = 1.959963984540054

export type Interval = readonly [low: number, high: number]

/**
 * 95 % interval of the drop in accuracy, (lost − gained) / n, when the same n samples are judged before and after.
 *
 * Wald's interval for paired proportions after half an observation is added to each of the four cells of the table,
 * which keeps its coverage where changes are few, and its width above zero where there are none.
 * Source: Agresti & Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in
 * Medicine 24 (2005), section 2.
 * @param lost samples that were right before and are wrong after
 * @param gained samples that were wrong before and are right after
 */
export function pairedAccuracyInterval(lost: number, gained: number, n: number): Interval {
  const b = lost + 0.5
  const c = gained + 0.5
  const total = n + 2
  const drop = (b - c) / total
  const spread = (Z95 * Math.sqrt(b + c - (b - c) ** 2 / total)) / total
  return [Math.max(-1, drop - spread), Math.min(1, drop + spread)]
}

/**
 * Mean of values that come in groups (the tokens of a sequence, the pixels of a picture) and its 95 % interval.
 * Values of one group depend on each other, so the groups are what is counted: the ratio estimator
 * R = Σ sum / Σ count with the variance n/(n−1) · Σ (sum − R·count)² / (Σ count)², normal approximation.
 * Source: Cochran, Sampling Techniques, 3rd edition (1977), equation 2.39 and section 6.5.
 */
export class GroupedMean {
  #n = 0
  #sum = 0
  #count = 0
  #sumSquares = 0
  #sumCount = 0
  #countSquares = 0

  /** One group: the sum of its values, and how many they are. Empty groups are ignored. */
  add(sum: number, count: number): void {
    if (count === 0) return
    this.#n++
    this.#sum += sum
    this.#count += count
    this.#sumSquares += sum * sum
    this.#sumCount += sum * count
    this.#countSquares += count * count
  }

  get groups(): number {
    return this.#n
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count
  }

  /** The mean itself, twice, for a single group: there is no spread to judge by. */
  get interval(): Interval {
    const { mean } = this
    if (this.#n < 2) return [mean, mean]
    const squares = this.#sumSquares - 2 * mean * this.#sumCount + mean * mean * this.#countSquares
    const spread = (Z95 * Math.sqrt((this.#n / (this.#n - 1)) * Math.max(0, squares))) / this.#count
    return [mean - spread, mean + spread]
  }
}

/**
 * 95 % score interval of a proportion, `hits` of n; it stays inside 0..1 and has a width where all or none are hits.
 * Source: Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22 (1927), p. 209.
 */
export function wilsonInterval(hits: number, n: number): Interval {
  if (n === 0) return [0, 1]
  const rate = hits / n
  const z2 = (Z95 * Z95) / n
  const centre = (rate + z2 / 2) / (1 + z2)
  const spread = (Z95 * Math.sqrt((rate * (1 - rate)) / n + z2 / (4 * n))) / (1 + z2)
  return [Math.max(0, centre - spread), Math.min(1, centre + spread)]
}
