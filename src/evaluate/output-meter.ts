import type { Note } from '../core/progress'
import { OutputDifference } from './metrics'
import { isFloat, numbersOf, type Numbers } from './numbers'
import type { OutputQuality } from './quality'
import type { Step } from './task'

/** Measures one output over all batches. */
export class OutputMeter {
  readonly #name: string
  readonly #difference = new OutputDifference()
  #flips = 0
  /** Until an output turns out to be something else. */
  #isOneProbability = true

  constructor(name: string) {
    this.#name = name
  }

  add({ before, after, count }: Step): void {
    this.#difference.add(before, after)
    if (!this.#isOneProbability) return
    const isOneEach = isFloat(before.dtype) && before.shape.reduce((product, size) => product * size, 1) === count
    if (!isOneEach) {
      this.#isOneProbability = false
      return
    }
    this.#countFlips(numbersOf(before), numbersOf(after))
  }

  #countFlips(before: Numbers, after: Numbers): void {
    for (let i = 0; i < before.length; i++) {
      const p = before[i] as number
      if (!(p >= 0 && p <= 1)) {
        this.#isOneProbability = false
        return
      }
      if (p > 0.5 !== (after[i] as number) > 0.5) this.#flips++
    }
  }

  /** Values that are finite in only one of the two models. */
  get nonFinite(): number {
    return this.#difference.nonFinite
  }

  get quality(): OutputQuality {
    const { sqnrDb, cosine, maxAbsError, isIdentical } = this.#difference
    return {
      name: this.#name,
      sqnrDb,
      cosine,
      maxAbsError,
      isIdentical,
      ...(this.#isOneProbability && this.#difference.count > 0 && { decisionFlips: this.#flips }),
    }
  }

  get notes(): Note[] {
    const { nonFinite, mute, count } = this.#difference
    const notes: Note[] = []
    if (nonFinite > 0) {
      const text =
        `Output "${this.#name}": ${nonFinite} of ${count} values differ in being finite: NaN, infinity or other text ` +
        'where the original has a value, or the other way round. Do not use this result.'
      notes.push({ severity: 'warning', text })
    }
    if (mute > 0) {
      const rest = mute === count ? 'nothing could be compared' : 'they were left out of the comparison'
      const text =
        `Output "${this.#name}": ${mute} of ${count} values are NaN or infinite in both models; ${rest}. ` +
        'Check the data for NaN and for values that the model cannot take.'
      notes.push({ severity: 'warning', text })
    }
    return notes
  }
}
