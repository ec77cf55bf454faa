/** What reports say of predictions. */
import type { Metrics } from './report'

export interface Scored {
  /** [samples, classes], each row adds up to 1. */
  readonly probabilities: ArrayLike<number>
  readonly labels: ArrayLike<number>
  readonly classes: number
}

/** −ln of the smallest probability that counts: one certain mistake does not make the mean infinite. */
const LEAST = 2 ** -100

/** Accuracy, mean negative log-likelihood (nats), F1; of two classes the areas under the ROC and precision–recall curves. */
export function classificationMetrics(scored: Scored): Metrics {
  const { probabilities, labels, classes } = scored
  const count = labels.length
  let loss = 0
  for (let i = 0; i < count; i++) {
    loss -= Math.log(Math.max(probabilities[i * classes + (labels[i] as number)] as number, LEAST))
  }
  const confusion = confusionOf(scored)
  const right = confusion.reduce((sum, row, i) => sum + (row[i] as number), 0)
  const scores = perClass(confusion)
  const rare = rarerOf(confusion)
  const f1 = classes === 2 ? (scores[rare]?.f1 ?? 0) : mean(scores.filter((s) => s.samples > 0).map((s) => s.f1))
  return {
    loss: loss / count,
    accuracy: right / count,
    f1,
    ...(classes === 2 && ranks(scored, rare)),
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The class of two that has fewer samples: whoever looks for something looks for the rarer one. */
const rarerOf = (confusion: readonly (readonly number[])[]): number => {
  const [first = 0, second = 0] = confusion.map((row) => row.reduce((sum, n) => sum + n, 0))
  return first < second ? 0 : 1
}

/** [actual][predicted]; of equal probabilities the first class wins. */
export function confusionOf({ probabilities, labels, classes }: Scored): number[][] {
  const table = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let i = 0; i < labels.length; i++) {
    const row = table[labels[i] as number] as number[]
    const best = winnerOf(probabilities, i * classes, classes)
    row[best] = (row[best] as number) + 1
  }
  return table
}

function winnerOf(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0
  for (let c = 1; c < count; c++) if ((values[start + c] as number) > (values[start + best] as number)) best = c
  return best
}

export interface ClassScore {
  readonly samples: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** A class that was never predicted has precision 0. */
export function perClass(confusion: readonly (readonly number[])[]): ClassScore[] {
  return confusion.map((row, i) => {
    const samples = row.reduce((sum, n) => sum + n, 0)
    const predicted = confusion.reduce((sum, other) => sum + (other[i] as number), 0)
    const right = row[i] as number
    const ratio = (of: number) => (of === 0 ? 0 : right / of)
    const f1 = samples + predicted === 0 ? 0 : (2 * right) / (samples + predicted)
    return { samples, precision: ratio(predicted), recall: ratio(samples), f1 }
  })
}

/** Scores from the highest down, samples of equal score together: [of the class, of others] so far. */
function* thresholds({ probabilities, labels, classes }: Scored, positive: number): Generator<[number, number]> {
  const score = (i: number) => probabilities[i * classes + positive] as number
  const order = Array.from({ length: labels.length }, (_, i) => i).sort((a, b) => score(b) - score(a))
  let [hits, misses] = [0, 0]
  for (const [rank, i] of order.entries()) {
    if (labels[i] === positive) hits++
    else misses++
    const next = order[rank + 1]
    if (next === undefined || score(next) !== score(i)) yield [hits, misses]
  }
}

/**
 * The area under the ROC curve (trapezoids), and the average precision Σ (R[n] − R[n−1])·P[n] (as scikit-learn's
 * average_precision_score). Nothing where one class is missing.
 */
function ranks(scored: Scored, positive: number): Pick<Metrics, 'auc' | 'prAuc'> {
  const positives = Array.from(scored.labels).filter((label) => label === positive).length
  const negatives = scored.labels.length - positives
  if (positives === 0 || negatives === 0) return {}
  let [auc, prAuc, lastHits, lastMisses] = [0, 0, 0, 0]
  for (const [hits, misses] of thresholds(scored, positive)) {
    auc += ((misses - lastMisses) * (hits + lastHits)) / 2
    prAuc += ((hits - lastHits) * hits) / (hits + misses)
    ;[lastHits, lastMisses] = [hits, misses]
  }
  return { auc: auc / (positives * negatives), prAuc: prAuc / positives }
}

/** Points of the ROC curve of the rarer of two classes, at most `most`. */
export function rocOf(scored: Scored, most = 200): { falsePositives: number; truePositives: number }[] {
  const positive = rarerOf(confusionOf(scored))
  const positives = Array.from(scored.labels).filter((label) => label === positive).length
  const negatives = scored.labels.length - positives
  if (positives === 0 || negatives === 0) return []
  const points = [
    { falsePositives: 0, truePositives: 0 },
    ...Array.from(thresholds(scored, positive), ([hits, misses]) => ({
      falsePositives: misses / negatives,
      truePositives: hits / positives,
    })),
  ]
  return thinned(points, most)
}

/** Evenly chosen, the first and the last among them. */
export function thinned<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items]
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))] as T)
}

/** R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)²; the loss is the mean squared error in units of the target. */
export function regressionMetrics(predicted: ArrayLike<number>, actual: ArrayLike<number>): Metrics {
  const count = actual.length
  const center = Array.from(actual).reduce((sum, value) => sum + value, 0) / count
  let [squares, absolutes, spread] = [0, 0, 0]
  for (let i = 0; i < count; i++) {
    const error = (actual[i] as number) - (predicted[i] as number)
    squares += error * error
    absolutes += Math.abs(error)
    spread += ((actual[i] as number) - center) ** 2
  }
  const mse = squares / count
  return { loss: mse, r2: spread === 0 ? 0 : 1 - squares / spread, rmse: Math.sqrt(mse), mae: absolutes / count }
}
