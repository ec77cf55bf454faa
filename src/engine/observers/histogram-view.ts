/** A value's histogram as the searches for ranges read it. */
import type { Bins } from '../../backends/histogram'
import type { Range, ValueStatistics } from './observer'

/** Bins that hold something; `middles` are multiples of `width`. */
export interface HistogramView {
  readonly width: number
  /** Middles, ascending. */
  readonly middles: Float64Array
  readonly counts: Float64Array
  readonly total: number
}

/** Undefined without counts, and where all that was seen is zero. */
export function viewOf({ counts, at }: Pick<ValueStatistics, 'counts' | 'at'>): HistogramView | undefined {
  if (!counts || !at || at.reciprocal === 0) return undefined
  const used: number[] = []
  let total = 0
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number
    if (count === 0) continue
    used.push(bin)
    total += count
  }
  if (total === 0) return undefined
  return {
    width: 1 / at.reciprocal,
    middles: Float64Array.from(used, (bin) => middleOf(at, bin)),
    counts: Float64Array.from(used, (bin) => counts[bin] as number),
    total,
  }
}

const middleOf = ({ reciprocal, first }: Bins, bin: number): number => (first + bin) / reciprocal

/** Cuts what was seen at −limit and limit: data of one sign loses only the far side. */
export const within = ({ min, max }: Range, limit: number): Range => ({
  min: Math.max(min, -limit),
  max: Math.min(max, limit),
})

/** Share of the elements in bins that lie outside of a range; no element of a bin lies beyond what was seen. */
export function clippedShare({ middles, counts, total }: HistogramView, seen: Range, { min, max }: Range): number {
  let outside = 0
  counts.forEach((count, i) => {
    const middle = Math.min(seen.max, Math.max(seen.min, middles[i] as number))
    if (middle < min || middle > max) outside += count
  })
  return outside / total
}
