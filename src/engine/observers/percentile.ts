import { viewOf, within } from './histogram-view'
import type { Range, ValueStatistics } from './observer'

/**
 * The smallest range [−t, t], cut to what was seen, that holds `share` of the elements: measured on |x|, so that a short
 * tail beside a long one (the dip of SiLU, zero of ReLU) is not cut for nothing. t is the edge of a bin.
 * arXiv:2004.09602v1, "Calibration".
 */
export function percentile(statistics: ValueStatistics, share: number): Range {
  const view = viewOf(statistics)
  if (!view) return { min: statistics.min, max: statistics.max }
  const magnitudes = [...view.middles.keys()].sort(
    (a, b) => Math.abs(view.middles[a] as number) - Math.abs(view.middles[b] as number),
  )
  const wanted = share * view.total
  let inside = 0
  let limit = 0
  for (const i of magnitudes) {
    const magnitude = Math.abs(view.middles[i] as number)
    if (inside >= wanted && magnitude > limit) break
    limit = magnitude
    inside += view.counts[i] as number
  }
  return within(statistics, limit + view.width / 2)
}
