import type { Tensor } from '../core/tensor'
import type { Labels } from '../formats/format'
import type { Decisions } from './classifier'
import { GroupedMean, pairedAccuracyInterval } from './interval'
import { areProbabilities, argmax, negativeLogLikelihood, type ClassLayout } from './metrics'
import { numbersOf } from './numbers'
import type { TaskResult } from './quality'

/** One batch of an output, before and after, and which samples it holds. */
export interface Step {
  readonly before: Tensor
  readonly after: Tensor
  readonly start: number
  readonly count: number
}

/**
 * Decisions before and after, and against labels where there are some, over any number of batches.
 * Whether scores are probabilities is decided on the original's first batch and holds for both models.
 */
export class TaskMeter {
  readonly #decisions: Decisions
  readonly #labels: Labels | undefined
  #isProbability: boolean | undefined
  #agreeing = 0
  #decided = 0
  #labelled = 0
  #rightBefore = 0
  #rightAfter = 0
  #lost = 0
  #gained = 0
  readonly #accuracyDrop = new GroupedMean()
  readonly #nllBefore = new GroupedMean()
  readonly #nllAfter = new GroupedMean()
  readonly #nllDrop = new GroupedMean()

  constructor(decisions: Decisions, labels: Labels | undefined) {
    this.#decisions = decisions
    this.#labels = labels
  }

  add(step: Step): void {
    if (this.#decisions.kind === 'binary') return this.#addBinary(step)
    const layout = this.#decisions.layout(step.before.shape, step.count)
    if (!layout) return
    const before = numbersOf(step.before)
    const after = numbersOf(step.after)
    this.#isProbability ??= areProbabilities(before, layout)
    const winnersBefore = argmax(before, layout)
    const winnersAfter = argmax(after, layout)
    this.#agree(winnersBefore, winnersAfter)
    if (!this.#labels) return
    const nll = (scores: ArrayLike<number>) => (index: number, label: number) =>
      negativeLogLikelihood(scores, layout, position(index, layout), label, this.#isProbability === true)
    this.#judge(step, winnersBefore, winnersAfter, nll(before), nll(after))
  }

  #addBinary(step: Step): void {
    const before = numbersOf(step.before)
    const after = numbersOf(step.after)
    this.#isProbability ??= before.every((value: number) => value >= 0 && value <= 1)
    const edge = this.#isProbability ? 0.5 : 0
    const decide = (values: ArrayLike<number>) => Int32Array.from(values, (value) => (value > edge ? 1 : 0))
    const nll = (scores: ArrayLike<number>) => (index: number, label: number) =>
      binaryNll(scores[index] as number, label, this.#isProbability === true)
    const winnersBefore = decide(before)
    const winnersAfter = decide(after)
    this.#agree(winnersBefore, winnersAfter)
    if (this.#labels) this.#judge(step, winnersBefore, winnersAfter, nll(before), nll(after))
  }

  #agree(before: Int32Array, after: Int32Array): void {
    for (let i = 0; i < before.length; i++) if (before[i] === after[i]) this.#agreeing++
    this.#decided += before.length
  }

  #judge(
    step: Step,
    before: Int32Array,
    after: Int32Array,
    nllBefore: (index: number, label: number) => number,
    nllAfter: (index: number, label: number) => number,
  ): void {
    const labels = this.#labels as Labels
    const each = labels.shape.reduce((product, size) => product * size, 1)
    for (let sample = 0; sample < step.count; sample++) {
      let counted = 0
      let drop = 0
      let likelihoodBefore = 0
      let likelihoodAfter = 0
      for (let i = sample * each; i < (sample + 1) * each; i++) {
        const label = labels.values[step.start * each + i] as number
        if (label < 0) continue
        counted++
        const wasRight = before[i] === label
        const isRight = after[i] === label
        if (wasRight) this.#rightBefore++
        if (isRight) this.#rightAfter++
        if (wasRight && !isRight) this.#lost++
        if (!wasRight && isRight) this.#gained++
        drop += Number(wasRight) - Number(isRight)
        likelihoodBefore += nllBefore(i, label)
        likelihoodAfter += nllAfter(i, label)
      }
      this.#labelled += counted
      this.#accuracyDrop.add(drop, counted)
      this.#nllBefore.add(likelihoodBefore, counted)
      this.#nllAfter.add(likelihoodAfter, counted)
      this.#nllDrop.add(likelihoodAfter - likelihoodBefore, counted)
    }
  }

  /** Share of decisions that are the same; undefined where nothing was decided. */
  get top1Agreement(): number | undefined {
    return this.#decided === 0 ? undefined : this.#agreeing / this.#decided
  }

  /** Accuracy for one label a sample and for maps of labels; likelihood where the labels are a sequence. */
  get result(): TaskResult | undefined {
    if (!this.#labels || this.#labelled === 0) return undefined
    const accuracy = { before: this.#rightBefore / this.#labelled, after: this.#rightAfter / this.#labelled }
    const nll = { before: this.#nllBefore.mean, after: this.#nllAfter.mean }
    if (this.#labels.shape.length === 1 && this.#decisions.kind === 'classes') {
      const { before, after } = nll
      return { metric: 'nll', before, after, drop: after - before, ci95: this.#nllDrop.interval, nll, accuracy }
    }
    const isOneEach = this.#labels.shape.every((size) => size === 1)
    const ci95 = isOneEach
      ? pairedAccuracyInterval(this.#lost, this.#gained, this.#labelled)
      : this.#accuracyDrop.interval
    const { before, after } = accuracy
    return {
      metric: 'accuracy',
      before,
      after,
      drop: (this.#lost - this.#gained) / this.#labelled,
      ci95,
      nll,
      accuracy,
    }
  }
}

function position(index: number, { inner }: ClassLayout): readonly [number, number] {
  return [Math.floor(index / inner), index % inner]
}

/** −ln p of label 1 or 0; a logit z has p(1) = 1/(1 + e^−z). */
function binaryNll(score: number, label: number, isProbability: boolean): number {
  if (isProbability) return -Math.log(Math.max(label === 1 ? score : 1 - score, 2 ** -149))
  const margin = label === 1 ? score : -score
  return margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin
}
