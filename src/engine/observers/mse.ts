import type { IntegerType } from '../quantize/integers'
import { gridOf, quantizationError } from './grid'
import { viewOf, within } from './histogram-view'
import type { Range, ValueStatistics } from './observer'
import { magnitudeOf, searchThreshold } from './search'

/**
 * Of the ranges [−t, t], cut to what was seen, the one with the least Σ|x − x̂|^power. Nahshan et al., "Loss aware
 * post-training quantization", arXiv:1911.07190v2 (layer-wise part).
 */
export function leastError(statistics: ValueStatistics, type: IntegerType, power: number): Range {
  const view = viewOf(statistics)
  if (!view) return { min: statistics.min, max: statistics.max }
  const threshold = searchThreshold(magnitudeOf(statistics), (t) =>
    quantizationError(view, gridOf(type, within(statistics, t)), power),
  )
  return within(statistics, threshold)
}
