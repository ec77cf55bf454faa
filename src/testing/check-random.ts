import { numbersOf, type HostArray } from '../core/host-array'

export interface Moments {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly mean: number
  readonly deviation: number
  /** All values lie in [low, high]. */
  readonly low?: number
  readonly high?: number
}

/** Standard errors that a mean may be off: one run in 15 000 is, and the seed is fixed. */
const MOST_ERRORS = 4

/**
 * Compares random numbers with the distribution they should have.
 * @returns undefined when they fit, else the sentence that says what does not
 */
export function checkMoments(found: HostArray, wanted: Moments): string | undefined {
  const { low = -Infinity, high = Infinity } = wanted
  const kind = `${found.dtype}[${found.shape.join(',')}]`
  if (kind !== `${wanted.dtype}[${wanted.shape.join(',')}]`) return `found ${kind}, expected ${wanted.dtype}`
  const numbers = [...numbersOf(found)]
  const outside = numbers.find((value) => !(value >= low && value <= high))
  if (outside !== undefined) return `${outside} lies outside [${low}, ${high}]`
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const error = wanted.deviation / Math.sqrt(numbers.length)
  if (Math.abs(mean - wanted.mean) > MOST_ERRORS * error)
    return `the mean is ${mean}, expected ${wanted.mean} ± ${error}`
  const deviation = Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length)
  const isClose = Math.abs(deviation - wanted.deviation) <= 0.1 * wanted.deviation
  return isClose ? undefined : `the standard deviation is ${deviation}, expected ${wanted.deviation}`
}
