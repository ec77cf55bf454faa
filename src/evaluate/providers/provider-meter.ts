import type { Tensor } from '../../core/tensor'
import { OutputDifference } from '../metrics'
import { numbersOf } from '../numbers'
import { MIN_COSINE, type ProviderResult } from '../quality'
import type { Reference } from '../reference'
import { TaskMeter } from '../task'

export type Outputs = ReadonlyMap<string, Tensor>

/**
 * Largest difference of two providers that counts as the same answer, as a share of an output's range. Rounding in
 * another order stays below 1e-3; more is a value that falls to the other side of a step (rounding, a largest element).
 */
const MAX_DISAGREEMENT = 1e-2

/**
 * Of integer models single values do fall to the other side of a step among many samples. They are the same answer still
 * where what differs is small beside the outputs and where nearly all decisions are the same.
 */
const MIN_SQNR_DB = 30
const MIN_SAME_DECISIONS = 0.995

/** What one provider makes of a result, against the original and against what the judge makes of the same result. */
export class ProviderMeter {
  readonly #reference: Reference
  readonly #task: TaskMeter | undefined
  readonly #same: TaskMeter | undefined
  readonly #outputs: ReadonlyMap<string, OutputMeter>
  #samples = 0

  constructor(reference: Reference) {
    const { decisions, data, outputs } = reference
    this.#reference = reference
    this.#task = decisions && new TaskMeter(decisions, data.labels)
    this.#same = decisions && new TaskMeter(decisions, undefined)
    this.#outputs = new Map(outputs.map((name) => [name, new OutputMeter()]))
  }

  get samples(): number {
    return this.#samples
  }

  /** One batch: the original's and the result's outputs by the judge, and the result's by the provider. */
  add(batch: { start: number; count: number }, before: Outputs, judged: Outputs, found: Outputs): void {
    const { start, count } = batch
    for (const [name, meter] of this.#outputs) meter.add(before.get(name), judged.get(name), found.get(name))
    const output = this.#reference.decisions?.output ?? ''
    const [one, judge, other] = [before, judged, found].map((outputs) => outputs.get(output))
    if (one && judge && other && isAlike(one, other)) {
      this.#task?.add({ before: one, after: other, start, count })
      this.#same?.add({ before: judge, after: other, start, count })
    }
    this.#samples += count
  }

  result(name: string): ProviderResult {
    const meters = [...this.#outputs.values()]
    const cosine = Math.min(1, ...meters.map(({ error }) => error.cosine))
    const isFinite = meters.every(({ error }) => error.nonFinite === 0)
    const agreement = this.#task?.top1Agreement
    const accuracy = this.#task?.accuracy
    const same = this.#same?.top1Agreement
    const disagreement = Math.max(0, ...meters.map((meter) => meter.disagreement))
    return {
      name,
      maxAbsError: Math.max(0, ...meters.map(({ error }) => error.maxAbsError)),
      cosine,
      ok: isFinite && cosine >= MIN_COSINE && this.#agrees(disagreement, same),
      samples: this.#samples,
      ...(agreement !== undefined && { top1Agreement: agreement }),
      ...(accuracy !== undefined && { accuracy }),
      versus: {
        provider: this.#reference.runtime.provider,
        disagreement,
        ...(same !== undefined && { top1Agreement: same }),
      },
    }
  }

  /** Whether it is the judge's answer. */
  get agrees(): boolean {
    const meters = [...this.#outputs.values()]
    return this.#agrees(Math.max(0, ...meters.map((meter) => meter.disagreement)), this.#same?.top1Agreement)
  }

  #agrees(disagreement: number, same = 1): boolean {
    if (disagreement <= MAX_DISAGREEMENT) return true
    const isClose = [...this.#outputs.values()].every(
      ({ between: { sqnrDb } }) => sqnrDb === null || sqnrDb >= MIN_SQNR_DB,
    )
    return isClose && this.#isMany && same >= MIN_SAME_DECISIONS
  }

  /** Fewer samples tell nothing about how seldom a value differs. */
  get #isMany(): boolean {
    return this.#samples >= 1 / (1 - MIN_SAME_DECISIONS) / 10
  }
}

class OutputMeter {
  readonly error = new OutputDifference()
  readonly between = new OutputDifference()
  #low = Infinity
  #high = -Infinity

  add(before: Tensor | undefined, judged: Tensor | undefined, found: Tensor | undefined): void {
    compare(this.error, before, found)
    compare(this.between, judged, found)
    if (!judged || judged.dtype === 'string') return
    for (const number of numbersOf(judged)) {
      if (!Number.isFinite(number)) continue
      this.#low = Math.min(this.#low, number)
      this.#high = Math.max(this.#high, number)
    }
  }

  /** Largest difference from the judge as a share of the output's range; 1 where one of them is not finite. */
  get disagreement(): number {
    if (this.between.nonFinite > 0) return 1
    const range = this.#high > this.#low ? this.#high - this.#low : Math.max(1, Math.abs(this.#high))
    return Number.isFinite(range) ? this.between.maxAbsError / range : 0
  }
}

function compare(difference: OutputDifference, expected: Tensor | undefined, found: Tensor | undefined): void {
  if (expected && found && isAlike(expected, found)) difference.add(expected, found)
  else difference.nonFinite++
}

const isAlike = (one: Tensor, other: Tensor) => one.shape.join() === other.shape.join()
