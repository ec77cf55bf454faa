import type { IntegerType } from '../quantize/integers'
import { gridOf, quantizationError } from './grid'
import { viewOf, type HistogramView } from './histogram-view'
import { leastError } from './mse'
import type { Range, ValueStatistics } from './observer'

const STEPS = 64
/** A round moves each end once; more than a few never happen. */
const MOST_ROUNDS = 6

/**
 * The range with the least squared error over the histogram: that of `leastError`, then each end for itself, in turns until
 * neither moves. The idea of PyTorch's HistogramObserver, which walks inwards from both ends instead:
 * https://github.com/pytorch/pytorch/blob/v2.5.0/torch/ao/quantization/observer.py
 */
export function leastSquares(statistics: ValueStatistics, type: IntegerType): Range {
  const view = viewOf(statistics)
  if (!view) return { min: statistics.min, max: statistics.max }
  // ends of one grid move together in symmetric types, so one end alone gains nothing from the whole range
  let range = leastError(statistics, type, 2)
  let least = quantizationError(view, gridOf(type, range), 2)
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const before = range
    for (const end of ['max', 'min'] as const) {
      const found = moveEnd(view, type, range, { end, far: statistics[end] })
      if (found.error >= least) continue
      least = found.error
      range = found.range
    }
    if (range === before) break
  }
  return range
}

/** Tries an end at every 64th part of the way from zero to the farthest that was seen, and between those around the best. */
function moveEnd(
  view: HistogramView,
  type: IntegerType,
  range: Range,
  { end, far }: { end: 'min' | 'max'; far: number },
) {
  let best = { range, error: Infinity }
  let bestShare = 1
  const attempt = (share: number) => {
    const moved = { ...range, [end]: far * share }
    const error = quantizationError(view, gridOf(type, moved), 2)
    if (error < best.error) [best, bestShare] = [{ range: moved, error }, share]
  }
  // an end on the other side of zero, which every range holds, decides nothing
  if (end === 'max' ? far <= 0 : far >= 0) return best
  for (let k = STEPS; k > 0; k--) attempt(k / STEPS)
  const around = bestShare
  for (let k = -7; k <= 7; k++) if (k !== 0) attempt(Math.min(1, around + k / (8 * STEPS)))
  return best
}
