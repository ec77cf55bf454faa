/** Gradients of y = (Σ |x|^p)^(1/p): dx = dy · y^(1 − p) · |x|^(p − 1) · sign x. */
import type { Formula } from './formula'
import type { ValueName } from './gradient'

/** |x|^(p − 1) · sign x. */
export function normSlope(f: Formula, x: ValueName, p: number): ValueName {
  if (p === 2) return x
  const sign = f.of('Sign', x)
  return p === 1 ? sign : f.mul(sign, f.of('Pow', f.of('Abs', x), p - 1))
}

/** dy · y^(1 − p); 0 where all elements are, so that no 0 · ∞ spreads. */
export function shareOfNorm(f: Formula, y: ValueName, dy: ValueName, p: number): ValueName {
  if (p === 1) return dy
  const isZero = f.equal(y, 0)
  const safe = f.where(isZero, 1, y)
  return f.where(isZero, 0, f.div(dy, p === 2 ? safe : f.of('Pow', safe, p - 1)))
}
