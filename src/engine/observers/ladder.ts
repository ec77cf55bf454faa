/**
 * Bins that grow with what they hold. Widths are powers of three, middles are multiples of the width: three neighbours
 * 3j − 1, 3j, 3j + 1 make the bin j of three times the width, so counts are carried over instead of being made again.
 */
import { roundHalfEven } from '../../core/tensor'
import type { Bins } from '../../backends/histogram'
import type { Range } from './observer'

export const BINS = 8192

/** Free at first, as a share of the span. With it (8192 − 2) / (3 · 1.25) bins are in use at least: over 2048. */
const MARGIN = 0.25
/** Of widths: 3⁻⁸⁰ has a reciprocal in float32, and 3⁸⁰ bins hold all of float32. */
const MOST_POWER = 80

/** Where nothing but zero was seen. */
const ZERO: Bins = { reciprocal: 0, first: 0 }

/** Bins from the least to the greatest of a range and zero, which every quantized range holds. */
export function binsFor(range: Range): Bins {
  const span = Math.max(0, range.max) - Math.min(0, range.min)
  if (!(span > 0)) return ZERO
  let power = -MOST_POWER
  while (span * (1 + MARGIN) > (BINS - 2) * powerOfThree(power)) power++
  return placed(reciprocalOf(power), range)
}

/** The bins, moved or made coarser until they hold a further range. */
export function binsWith(at: Bins, seen: Range): Bins {
  if (at.reciprocal === 0) return binsFor(seen)
  let power = powerOf(at)
  while (indexOf(seen.max, reciprocalOf(power)) - indexOf(seen.min, reciprocalOf(power)) >= BINS) power++
  return placed(reciprocalOf(power), seen)
}

export const holds = (at: Bins, { min, max }: Range): boolean =>
  at.reciprocal === 0
    ? min === 0 && max === 0
    : indexOf(min, at.reciprocal) >= at.first && indexOf(max, at.reciprocal) < at.first + BINS

/** Counts of bins in the place of others that are as wide or wider and hold them. */
export function rebinned(counts: ArrayLike<number>, from: Bins, to: Bins): Float64Array<ArrayBuffer> {
  const result = new Float64Array(BINS)
  const times = from.reciprocal === 0 ? 0 : powerOf(to) - powerOf(from)
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number
    if (count === 0) continue
    let index = from.first + bin
    for (let i = 0; i < times; i++) index = Math.floor((index + 1) / 3)
    result[index - to.first] = (result[index - to.first] as number) + count
  }
  return result
}

/** The coarser of two grids, where it holds what both hold. */
export function commonBins(one: Bins, other: Bins, seen: Range): Bins {
  const coarser = one.reciprocal === 0 || (other.reciprocal !== 0 && other.reciprocal < one.reciprocal) ? other : one
  return coarser.reciprocal === 0 || holds(coarser, seen) ? coarser : binsWith(coarser, seen)
}

/** Free bins lie where values were seen: data of one sign grows to one side. */
function placed(reciprocal: number, range: Range): Bins {
  const low = indexOf(Math.min(0, range.min), reciprocal)
  const high = indexOf(Math.max(0, range.max), reciprocal)
  const free = BINS - (high - low + 1)
  const below = low === 0 ? 0 : high === 0 ? free : Math.floor(free / 2)
  return { reciprocal, first: low - below + 0 }
}

/** As kernels find it. */
const indexOf = (value: number, reciprocal: number): number => roundHalfEven(Math.fround(value * reciprocal))

const reciprocalOf = (power: number): number => Math.fround(1 / powerOfThree(power))

const powerOf = ({ reciprocal }: Bins): number => Math.round(-Math.log(reciprocal) / Math.log(3))

/** By multiplication, since Math.pow differs in its last bits from engine to engine. */
function powerOfThree(power: number): number {
  let result = 1
  for (let i = 0; i < Math.abs(power); i++) result *= 3
  return power < 0 ? 1 / result : result
}
