import type { Metrics, TrainReport } from '../../jobs/train/report'
import type { Interval } from '../../evaluate/interval'
import { wilsonInterval } from '../../evaluate/interval'
import { fixed, percent } from '../numbers'

export type MetricName = keyof Metrics

/** Those that are shown, in this order, where they were measured. */
const SHOWN: readonly MetricName[] = ['accuracy', 'f1', 'auc', 'prAuc', 'r2', 'rmse', 'mae', 'loss']

export const shownMetrics = (metrics: Metrics): MetricName[] =>
  SHOWN.filter((name) => typeof metrics[name] === 'number')

const RATES: readonly MetricName[] = ['accuracy', 'f1']

/** A rate as a percentage, areas and R² with three digits, errors in the target's own unit with four significant ones. */
export function metricText(name: MetricName, value: number): string {
  if (RATES.includes(name)) return percent(value)
  if (name === 'rmse' || name === 'mae') return fixed(value, digitsOf(value))
  return fixed(value, 3)
}

const digitsOf = (value: number) => Math.max(0, Math.min(6, 3 - Math.floor(Math.log10(Math.abs(value) || 1))))

/** Below this share of the samples the rarer of two classes is what matters, and accuracy says little. */
const RARE = 0.2

/** Share of the rarest class; 1 where there are no classes. */
export function rarest(counts: readonly { readonly name: string; readonly samples: number }[]) {
  const total = counts.reduce((sum, { samples }) => sum + samples, 0)
  const [least] = [...counts].sort((a, b) => a.samples - b.samples)
  const share = least && total > 0 ? least.samples / total : 1
  return { name: least?.name ?? '', share, isRare: counts.length === 2 && share < RARE }
}

export interface Headline {
  readonly metric: 'accuracy' | 'f1' | 'r2'
  readonly value: number
  readonly baseline: number
  /** 95 %, of accuracy. */
  readonly interval?: Interval
}

/** The one figure that says most about a trained model. */
export function headlineOf({ metrics, baseline, data, curves }: TrainReport): Headline {
  const { test } = metrics
  if (data.task === 'regression') return { metric: 'r2', value: test.r2 ?? 0, baseline: baseline.r2 ?? 0 }
  if (curves?.perClass && rarest(curves.perClass).isRare && test.f1 !== undefined) {
    return { metric: 'f1', value: test.f1, baseline: baseline.f1 ?? 0 }
  }
  const value = test.accuracy ?? 0
  const interval = wilsonInterval(Math.round(value * data.split.test), data.split.test)
  return { metric: 'accuracy', value, baseline: baseline.accuracy ?? 0, interval }
}

/** As the big number of a card: R² as its name says, rates as percentages. */
export const headlineText = ({ metric, value }: Pick<Headline, 'metric' | 'value'>) =>
  metric === 'r2' ? percent(Math.max(0, value)) : metricText(metric, value)
