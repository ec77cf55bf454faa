/** Exact arithmetic on integers; 64 bits stand in bigints, and results wrap when they are stored. */
import type { KnownDType } from '../core/dtypes'

/** a · b. Products of 32-bit integers exceed what a double holds exactly, so they wrap here. */
export const multiplied = (a: number, b: number, dtype: KnownDType): number =>
  dtype === 'int32' || dtype === 'uint32' ? Math.imul(a, b) : a * b

/**
 * base^exponent modulo 2⁶⁴; negative exponents are cut towards zero.
 * @returns undefined for 0 to a negative power
 */
export function powered(base: bigint, exponent: bigint): bigint | undefined {
  if (exponent < 0n) {
    if (base === 0n) return undefined
    if (base === 1n) return 1n
    return base === -1n ? (exponent % 2n === 0n ? 1n : -1n) : 0n
  }
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = BigInt.asIntN(64, result * square)
    square = BigInt.asIntN(64, square * square)
  }
  return result
}
