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
  const { middles, counts, total, width } = view
  let [low, high] = [0, middles.length - 1]
  let outside = 0
  const mayLose = (1 - share) * total
  // from the outside inwards, the farther end first
  for (;;) {
    const isLow = -(middles[low] as number) > (middles[high] as number)
    const at = isLow ? low : high
    outside += counts[at] as number
    if (outside > mayLose || low === high) return within(statistics, Math.abs(middles[at] as number) + width / 2)
    if (isLow) low++
    else high--
  }
}
