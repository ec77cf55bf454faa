import type { IntegerType } from '../quantize/integers'
import { gridOf } from './grid'
import { viewOf, within, type HistogramView } from './histogram-view'
import type { Range, ValueStatistics } from './observer'
import { magnitudeOf, searchThreshold } from './search'

/**
 * Share of the values that a range may cut off. Where most of what was seen is one number, such as the background of
 * pictures, a range that ends there folds all others into its level, and P and Q are the same.
 */
const MOST_CLIPPED = 0.01

/**
 * The range [−t, t], cut to what was seen, whose quantized histogram Q tells the least wrong of the histogram P: the least
 * KL(P‖Q) = Σ p · log(p / q). P holds what lies outside in its last bins; Q spreads what a level holds evenly over those of
 * its bins that are not empty. S. Migacz, "8-bit inference with TensorRT", GTC 2017, slides 34–36.
 *
 * The bin of zero is a level of its own: zero is a number of every grid, and often (ReLU) most of what was seen. Bins are many (≥ 2048 in use): with as few as onnxruntime takes (128), a level is one bin, nothing is lost inside and the
 * widest range always wins.
 */
export function leastEntropy(statistics: ValueStatistics, type: IntegerType): Range {
  const view = viewOf(statistics)
  if (!view) return { min: statistics.min, max: statistics.max }
  const threshold = searchThreshold(magnitudeOf(statistics), (t) => {
    const range = within(statistics, t)
    return divergenceOf(view, range, gridOf(type, range).scale)
  })
  return within(statistics, threshold)
}

function divergenceOf({ middles, counts, total }: HistogramView, { min, max }: Range, scale: number): number {
  let [from, to] = [0, middles.length]
  let [below, above] = [0, 0]
  while (from < to && (middles[from] as number) < min) below += counts[from++] as number
  while (to > from && (middles[to - 1] as number) > max) above += counts[--to] as number
  const inside = total - below - above
  if (inside === 0 || below + above > MOST_CLIPPED * total) return Infinity
  let divergence = 0
  for (let start = from; start < to;) {
    const level = levelOf(middles[start] as number, scale)
    let end = start
    let held = 0
    for (; end < to && levelOf(middles[end] as number, scale) === level; end++) held += counts[end] as number
    const q = held / (end - start) / inside
    for (let i = start; i < end; i++) {
      const p = ((counts[i] as number) + (i === from ? below : 0) + (i === to - 1 ? above : 0)) / total
      divergence += p * Math.log(p / q)
    }
    start = end
  }
  return divergence
}

/** Neighbours of zero that round to it are no level with it: 0.5 is nobody else's. */
const levelOf = (x: number, scale: number): number => (x === 0 ? 0.5 : Math.round(x / scale))
