import { layoutOf } from '../../backends/segments'
import { limitsOf, type IntegerType } from '../quantize/integers'
import { chooseParameters } from '../quantize/parameters'
import type { HistogramView } from './histogram-view'
import type { Range } from './observer'

/** The numbers that integers of a type stand for: multiples of `scale` from `low` to `high` of them. */
export interface Grid {
  readonly scale: number
  /** In steps from zero. */
  readonly low: number
  readonly high: number
}

const ONE = layoutOf([1], null)

export function gridOf(type: IntegerType, { min, max }: Range): Grid {
  const { scale, zeroPoint } = chooseParameters(type, ONE, { min: [min], max: [max] })
  const { low, high } = limitsOf(type)
  const zero = zeroPoint[0] as number
  return { scale: scale[0] as number, low: low - zero, high: high - zero }
}

/**
 * Σ count · |x − x̂|^power over a histogram, x in the middle of its bin. Where steps are about as fine as bins, middles say
 * nothing of rounding, and its mean over a step, (scale / 2)^power / (power + 1), takes its place.
 */
export function quantizationError(view: HistogramView, { scale, low, high }: Grid, power: number): number {
  const isFine = scale < 4 * view.width
  const rounding = (scale / 2) ** power / (power + 1)
  let sum = 0
  for (let i = 0; i < view.counts.length; i++) {
    const x = view.middles[i] as number
    const steps = Math.min(high, Math.max(low, Math.round(x / scale)))
    const error = Math.abs(x - steps * scale)
    if (x === 0) continue
    const isInside = error <= scale / 2
    const cost = isFine && isInside ? rounding : power === 2 ? error * error : error ** power
    sum += (view.counts[i] as number) * cost
  }
  return sum
}
