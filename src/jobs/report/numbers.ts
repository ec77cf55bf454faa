import { formatPercent } from '../../core/format-text'
import type { Metric } from '../sensitivity/report'

/** Four digits that count, without an exponent where a person would write none. */
export function formatNumber(value: number): string {
  if (value === 0) return '0'
  const short = Number(value.toPrecision(4))
  return Math.abs(short) >= 1e-4 && Math.abs(short) < 1e7 ? String(short) : value.toExponential(3)
}

/** A difference of shares, in percentage points: '0.35 points'. */
export const formatPoints = (fraction: number, digits = 2): string =>
  `${(100 * fraction).toFixed(digits).replace('-', '−')} points`

/** What the search and sensitivity call a drop, in the unit of its metric. */
export function formatDrop(drop: number, metric: Metric): string {
  if (metric === 'accuracy' || metric === 'agreement') return formatPoints(drop)
  return metric === 'nll' ? `${drop.toFixed(4)} nats` : formatPercent(drop, 2)
}

/** What a drop is a drop of. */
export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  accuracy: 'accuracy lost',
  agreement: 'answers that changed',
  nll: 'loss added (mean NLL)',
  sqnr: 'noise, of the signal',
}

/** The same at an axis, whose numbers have no unit. */
export const AXIS_NAMES: Readonly<Record<Metric, string>> = {
  accuracy: 'accuracy lost, points',
  agreement: 'answers that changed, points',
  nll: 'loss added, nats',
  sqnr: METRIC_NAMES.sqnr,
}
