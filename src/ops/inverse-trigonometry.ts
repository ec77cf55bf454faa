/**
 * Inverse trigonometric functions in float32, from arithmetic and square roots. The polynomials are Chebyshev
 * interpolations of our own, off by at most 1e-9 of the result.
 */
import type { Expression } from '../backends/kernel-calls'
import { binary, constant, select, unary } from './elementwise'

/** atan(√z) / √z for z ≤ tan²(π/8), rising powers of z. */
const ARCTANGENT = [1, -0.33333307, 0.19998211, -0.14239983, 0.10572814, -0.06033242]
/** asin(√z) / √z for z ≤ 1/4. */
const ARCSINE = [1, 0.16666657, 0.07500592, 0.04450524, 0.03188414, 0.01419883, 0.03780636]

/** Horner's rule. */
const polynomial = (z: Expression, coefficients: readonly number[]): Expression =>
  coefficients
    .slice(0, -1)
    .reduceRight(
      (sum, coefficient) => binary('add', constant(coefficient), binary('mul', sum, z)),
      constant(coefficients.at(-1) as number),
    )

const oddPolynomial = (x: Expression, coefficients: readonly number[]): Expression =>
  binary('mul', x, polynomial(binary('mul', x, x), coefficients))

/** arctan x: 1/x above 1 (atan x = π/2 − atan 1/x), then (r − 1)/(r + 1) above tan(π/8) (atan r = π/4 + …). */
export function arctangent(x: Expression): Expression {
  const size = unary('abs', x)
  const isLarge = binary('less', constant(1), size)
  const r = select(isLarge, unary('reciprocal', size), size)
  const isMiddle = binary('less', constant(Math.SQRT2 - 1), r)
  const turned = binary('div', binary('sub', r, constant(1)), binary('add', r, constant(1)))
  const near = oddPolynomial(select(isMiddle, turned, r), ARCTANGENT)
  const upToOne = select(isMiddle, binary('add', constant(Math.PI / 4), near), near)
  const angle = select(isLarge, binary('sub', constant(Math.PI / 2), upToOne), upToOne)
  return binary('mul', unary('sign', x), angle)
}

/** arcsin x: above 1/2 by π/2 − 2 arcsin √((1 − |x|) / 2). NaN outside [−1, 1], from the root. */
export function arcsine(x: Expression): Expression {
  const size = unary('abs', x)
  const isLarge = binary('less', constant(0.5), size)
  const root = unary('sqrt', binary('mul', constant(0.5), binary('sub', constant(1), size)))
  const near = oddPolynomial(select(isLarge, root, size), ARCSINE)
  const angle = select(isLarge, binary('sub', constant(Math.PI / 2), binary('mul', constant(2), near)), near)
  return binary('mul', unary('sign', x), angle)
}
