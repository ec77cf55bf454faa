import type { Tensor } from '../core/tensor'
import type { Labels } from '../formats/format'
import { bootstrapInterval, mcnemarP, wilsonInterval } from './certainty'
import { ClassCounts } from './class-counts'
import type { Decisions } from './classifier'
import { GroupedMean, pairedAccuracyInterval, type Interval } from './interval'
import { areProbabilities, argmax, negativeLogLikelihood, type ClassLayout } from './metrics'
import { numbersOf } from './numbers'
import type { ClassResult, TaskResult } from './quality'

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
  readonly #agreement = new GroupedMean()
  readonly #classes = new ClassCounts()
  /** Of each sample with labels: what resampling draws from. */
  readonly #drops: number[] = []
  readonly #nllDrops: number[] = []
  readonly #counts: number[] = []
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
    this.#agree(winnersBefore, winnersAfter, step.count)
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
    this.#agree(winnersBefore, winnersAfter, step.count)
    if (this.#labels) this.#judge(step, winnersBefore, winnersAfter, nll(before), nll(after))
  }

  #agree(before: Int32Array, after: Int32Array, samples: number): void {
    const each = before.length / samples
    for (let sample = 0; sample < samples; sample++) {
      let agreeing = 0
      for (let i = sample * each; i < (sample + 1) * each; i++) if (before[i] === after[i]) agreeing++
      this.#agreeing += agreeing
      this.#agreement.add(agreeing, each)
    }
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
        if (each === 1) this.#classes.add(label, wasRight, isRight)
        drop += Number(wasRight) - Number(isRight)
        likelihoodBefore += nllBefore(i, label)
        likelihoodAfter += nllAfter(i, label)
      }
      this.#labelled += counted
      if (counted > 0) {
        this.#drops.push(drop)
        this.#nllDrops.push(likelihoodAfter - likelihoodBefore)
        this.#counts.push(counted)
      }
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

  /**
   * 95 % interval of it: Wilson's where each sample makes one decision; of those of one sample, which depend on each
   * other, the samples count.
   */
  get agreement95(): Interval | undefined {
    if (this.#decided === 0) return undefined
    if (this.#decided === this.#agreement.groups) return wilsonInterval(this.#agreeing, this.#decided)
    const [low, high] = this.#agreement.interval
    return [Math.max(0, low), Math.min(1, high)]
  }

  /** Of the model after, where there are labels. */
  get accuracy(): number | undefined {
    return this.#labelled === 0 ? undefined : this.#rightAfter / this.#labelled
  }

  /** Undefined without labels, or with more than one a sample. */
  get classes(): readonly ClassResult[] | undefined {
    const { results } = this.#classes
    return results.length > 0 ? results : undefined
  }

  /** Accuracy for one label a sample and for maps of labels; likelihood where the labels are a sequence. */
  get result(): TaskResult | undefined {
    if (!this.#labels || this.#labelled === 0) return undefined
    const accuracy = { before: this.#rightBefore / this.#labelled, after: this.#rightAfter / this.#labelled }
    const nll = { before: this.#nllBefore.mean, after: this.#nllAfter.mean }
    if (this.#labels.shape.length === 1 && this.#decisions.kind === 'classes') {
      const { before, after } = nll
      const bootstrap95 = bootstrapInterval(this.#nllDrops, this.#counts)
      const drop = { drop: after - before, ci95: this.#nllDrop.interval, ...(bootstrap95 && { bootstrap95 }) }
      return { metric: 'nll', before, after, ...drop, nll, accuracy }
    }
    const isOneEach = this.#labels.shape.every((size) => size === 1)
    const ci95 = isOneEach
      ? pairedAccuracyInterval(this.#lost, this.#gained, this.#labelled)
      : this.#accuracyDrop.interval
    const { before, after } = accuracy
    const bootstrap95 = bootstrapInterval(this.#drops, this.#counts)
    const [lost, gained] = [this.#lost, this.#gained]
    return {
      metric: 'accuracy',
      before,
      after,
      drop: (lost - gained) / this.#labelled,
      ci95,
      ...(bootstrap95 && { bootstrap95 }),
      ...(isOneEach && { mcnemar: { lost, gained, p: mcnemarP(lost, gained) } }),
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
