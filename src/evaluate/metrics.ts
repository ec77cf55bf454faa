import { bytesEqual } from './equal'
import type { Tensor } from '../core/tensor'
import { numbersOf } from './numbers'

/** Stands for "no signal left", where the ratio has no value: a result that is not finite, or noise without signal. */
export const WORST_SQNR_DB = -300

/**
 * How close one output of the result is to the original's, over any number of batches, in f64.
 *
 * A NaN in both is equal, and so is the same infinity; both are left out of the sums, and where nothing else is there,
 * nothing is claimed. A value that is finite in only one of the two cannot enter a sum: it is counted, and ends the
 * comparison's claim to any quality.
 */
export class OutputDifference {
  isIdentical = true
  maxAbsError = 0
  /** Values that are finite in the original and NaN or infinite in the result, or the other way round. */
  nonFinite = 0
  /** Values that are the same NaN or infinity in both: nothing can be told by them. */
  mute = 0
  count = 0
  #signal = 0
  #noise = 0
  #dot = 0
  #energy = 0

  add(before: Tensor, after: Tensor): void {
    if (before.dtype === 'string' || after.dtype === 'string') return this.#addStrings(before, after)
    if (before.dtype !== after.dtype || !bytesEqual(before.data, after.data)) this.isIdentical = false
    this.addNumbers(numbersOf(before), numbersOf(after))
  }

  addNumbers(x: ArrayLike<number>, y: ArrayLike<number>): void {
    let signal = 0
    let noise = 0
    let dot = 0
    let energy = 0
    let largest = this.maxAbsError
    for (let i = 0; i < x.length; i++) {
      const a = x[i] as number
      const b = y[i] as number
      const error = a - b
      if (error - error !== 0) {
        if (Object.is(a, b)) this.mute++
        else this.nonFinite++
        continue
      }
      signal += a * a
      noise += error * error
      dot += a * b
      energy += b * b
      if (error > largest) largest = error
      else if (-error > largest) largest = -error
    }
    this.#signal += signal
    this.#noise += noise
    this.#dot += dot
    this.#energy += energy
    this.maxAbsError = largest
    this.count += x.length
  }

  #addStrings(before: Tensor, after: Tensor): void {
    const a = before.strings ?? []
    const b = after.strings ?? []
    this.count += a.length
    const differing = a.length === b.length ? a.filter((text, i) => text !== b[i]).length : a.length
    if (differing > 0) this.isIdentical = false
    this.nonFinite += differing
  }

  /** Whether no value at all could be compared; equality of NaN is no proof. */
  get #isMute(): boolean {
    return this.mute > 0 && this.mute === this.count
  }

  /** 10·log₁₀(Σx² / Σ(x−y)²); null where there is no noise. */
  get sqnrDb(): number | null {
    if (this.nonFinite > 0 || this.#isMute) return WORST_SQNR_DB
    if (this.#noise === 0) return null
    return Math.max(WORST_SQNR_DB, 10 * Math.log10(this.#signal / this.#noise))
  }

  /** Σxy / √(Σx² Σy²); two zero vectors are equal, one is not like any other. */
  get cosine(): number {
    if (this.nonFinite > 0 || this.#isMute) return 0
    if (this.#noise === 0) return 1
    const norm = Math.sqrt(this.#signal) * Math.sqrt(this.#energy)
    return norm === 0 ? 0 : Math.min(1, this.#dot / norm)
  }
}

/** The smaller SQNR, where null is infinite. */
export function worseSqnr(a: number | null, b: number | null): number | null {
  if (a === null) return b
  return b === null ? a : Math.min(a, b)
}

/**
 * An output seen as rows of class scores: [outer, classes, inner], row-major, one decision for each (outer, inner).
 */
export interface ClassLayout {
  readonly outer: number
  readonly classes: number
  readonly inner: number
}

/**
 * Where the classes stand: the axis of `output` without which its shape is [samples, ...labels].
 * Axes of size 1 at the end do not count ([n, C, 1, 1] for a label per sample). Of two that fit, the last wins.
 * @returns undefined where no axis of at least two classes fits
 */
export function findClassAxis(
  output: readonly number[],
  labels: readonly number[],
  samples: number,
): ClassLayout | undefined {
  const wanted = trimOnes([samples, ...labels])
  for (let axis = output.length - 1; axis >= 1; axis--) {
    const classes = output[axis] as number
    if (classes < 2) continue
    const rest = trimOnes(output.toSpliced(axis, 1))
    if (rest.length === wanted.length && rest.every((size, i) => size === wanted[i])) {
      return { outer: product(output.slice(0, axis)), classes, inner: product(output.slice(axis + 1)) }
    }
  }
  return undefined
}

/** The first axis is the samples' and stays even where it is 1. */
function trimOnes(shape: readonly number[]): readonly number[] {
  let end = shape.length
  while (end > 1 && shape[end - 1] === 1) end--
  return shape.slice(0, end)
}

const product = (sizes: readonly number[]) => sizes.reduce((result, size) => result * size, 1)

/** The class of the largest score of each decision, in [outer, inner] order; the first of equals; -1 for a NaN. */
export function argmax(scores: ArrayLike<number>, { outer, classes, inner }: ClassLayout): Int32Array {
  const winners = new Int32Array(outer * inner)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * classes * inner + i
      let winner = 0
      let best = scores[start] as number
      for (let c = 0; c < classes; c++) {
        const score = scores[start + c * inner] as number
        if (score !== score) {
          winner = -1
          break
        }
        if (score > best) {
          best = score
          winner = c
        }
      }
      winners[o * inner + i] = winner
    }
  }
  return winners
}

/** Whether scores are probabilities already: none below zero, and each decision's sum is 1 (to what float16 holds). */
export function areProbabilities(scores: ArrayLike<number>, { outer, classes, inner }: ClassLayout): boolean {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * classes * inner + i
      let sum = 0
      for (let c = 0; c < classes; c++) {
        const score = scores[start + c * inner] as number
        if (!(score >= 0)) return false
        sum += score
      }
      if (Math.abs(sum - 1) > 0.01) return false
    }
  }
  return true
}

/** The smallest positive float32: what a probability that was rounded to zero is taken for. */
const TINY = 2 ** -149

/** −ln p(label) in nats of decision (o, i); log-softmax is taken of scores that are not probabilities. */
export function negativeLogLikelihood(
  scores: ArrayLike<number>,
  { classes, inner }: ClassLayout,
  [o, i]: readonly [number, number],
  label: number,
  isProbability: boolean,
): number {
  const start = o * classes * inner + i
  const own = scores[start + label * inner] as number
  if (isProbability) return -Math.log(Math.max(own, TINY))
  let largest = -Infinity
  for (let c = 0; c < classes; c++) largest = Math.max(largest, scores[start + c * inner] as number)
  let sum = 0
  for (let c = 0; c < classes; c++) sum += Math.exp((scores[start + c * inner] as number) - largest)
  return Math.log(sum) + largest - own
}
