/** Functions of one number in double precision that `Math` lacks. */

/** From here on erfc(x) is below half a unit in the last place of 1. */
const ERF_IS_ONE = 6
const SERIES_END = 2.5

/**
 * erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, to about 1e-15. Below 2.5 the series without alternating signs, above it the continued
 * fraction of erfc. Sources: DLMF 7.6.2; Abramowitz and Stegun 7.1.14.
 */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return NaN
  if (size >= ERF_IS_ONE) return Math.sign(x)
  return Math.sign(x) * (size < SERIES_END ? erfSeries(size) : 1 - erfcFraction(size))
}

function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

function erfcFraction(x: number): number {
  let tail = x
  for (let n = 60; n > 0; n--) tail = x + n / 2 / tail
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail)
}

/** ln(1 + eˣ), without overflow. */
export const softplusOf = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))

/** 1 / (1 + e⁻ˣ). */
export const sigmoidOf = (x: number): number => 1 / (1 + Math.exp(-x))
