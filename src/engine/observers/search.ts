const COARSE = 128
const FINE = 8

/**
 * The threshold in (0, largest] with the least cost: of 128 evenly spaced ones, then of finer ones on both sides of the best.
 * The largest of equals.
 */
export function searchThreshold(largest: number, cost: (threshold: number) => number): number {
  const step = largest / COARSE
  let best = largest
  let least = cost(largest)
  const attempt = (threshold: number) => {
    const found = cost(threshold)
    if (found < least) [best, least] = [threshold, found]
  }
  for (let k = COARSE - 1; k > 0; k--) attempt(k * step)
  const middle = best
  for (let k = FINE - 1; k > -FINE; k--) {
    const threshold = middle + (k * step) / FINE
    if (k !== 0 && threshold > 0 && threshold < largest) attempt(threshold)
  }
  return best
}

/** Largest |x| of a range. */
export const magnitudeOf = ({ min, max }: { readonly min: number; readonly max: number }): number =>
  Math.max(Math.abs(min), Math.abs(max))
