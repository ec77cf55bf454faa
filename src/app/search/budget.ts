import type { InspectReport } from '../../jobs/inspect'
import type { Budget } from '../../jobs/report'
import { bytes, fixed } from '../numbers'
import { t } from '../text'

/** Steps of the dial: losses as fractions; the first is none that can be measured. */
export const DROPS = [0, 0.005, 0.01, 0.02, 0.05] as const

export const budgetOfStep = (step: number): Budget => {
  const drop = DROPS[step] ?? 0
  return drop === 0 ? { kind: 'no-loss' } : { kind: 'drop', drop }
}

/** The nearest step at or below a budget. */
export const stepOf = (budget: Budget): number =>
  budget.kind === 'drop'
    ? Math.max(
        0,
        DROPS.findLastIndex((drop) => drop <= budget.drop),
      )
    : 0

export function budgetText(budget: Budget): string {
  if (budget.kind === 'no-loss') return t.budget.noLoss
  if (budget.kind === 'size') return t.budget.fits(bytes(budget.sizeBytes))
  const points = budget.drop * 100
  return t.budget.drop(t.result.points(fixed(points, Number.isInteger(points) ? 0 : 1), points))
}

/** Sizes that follow from the file's header alone: every weight in 8 bits, and in 4. */
export function predictedSizes({ prediction }: Pick<InspectReport, 'prediction'>) {
  const quantized = prediction.decisions.filter(({ action }) => action !== 'keep')
  const weights = quantized.reduce((sum, { sizeAfterBytes }) => sum + sizeAfterBytes, 0)
  return { eightBytes: prediction.sizeBytes, fourBytes: prediction.sizeBytes - weights / 2 }
}

/** What to expect, in one sentence. */
export function predictionText(budget: Budget, inspection: Pick<InspectReport, 'prediction'>): string {
  const { eightBytes, fourBytes } = predictedSizes(inspection)
  if (budget.kind === 'no-loss') return t.budget.predicted(bytes(eightBytes))
  if (budget.kind === 'drop') return t.budget.predictedRange(bytes(fourBytes), bytes(eightBytes))
  if (budget.sizeBytes >= eightBytes) return t.budget.sizeFits(bytes(eightBytes))
  return budget.sizeBytes >= fourBytes ? t.budget.sizeTight(bytes(eightBytes)) : t.budget.sizeFar(bytes(fourBytes))
}

const UNITS = [
  [1e6, 'MB', 'Mo'],
  [1e3, 'kB', 'ko'],
] as const

/** The unit in which a size is typed: that of the model. */
export function sizeUnit(modelBytes: number, locale: string): { readonly factor: number; readonly name: string } {
  const [factor, english, french] = UNITS.find(([size]) => modelBytes >= size) ?? UNITS[1]
  return { factor, name: locale.startsWith('fr') ? french : english }
}
