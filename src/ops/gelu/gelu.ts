import type { Expression } from '../../backends/kernel-calls'
import { choice } from '../attributes'
import { binary, constant, defineUnary, unary } from '../elementwise'
import { erf } from '../special-functions'

const ROOT = Math.sqrt(2 / Math.PI)
const CUBIC = 0.044715

const slope = (x: number) => ROOT * (x + CUBIC * x ** 3)

/** The same in float32: √(2/π) · x · (1 + 0.044715 x²). */
function slopeOf(x: Expression): Expression {
  const growth = binary('add', constant(1), binary('mul', constant(CUBIC), binary('mul', x, x)))
  return binary('mul', binary('mul', constant(ROOT), x), growth)
}

/** y = x · Φ(x), Φ the normal distribution; or its approximation by tanh. Source: Hendrycks and Gimpel, arXiv:1606.08415. */
export const gelu = defineUnary({
  name: 'Gelu',
  attributes: { approximate: choice(['none', 'tanh'], 'none') },
  takes: 'float',
  compute: (x, { approximate }) =>
    0.5 * x * (1 + (approximate === 'none' ? erf(x * Math.SQRT1_2) : Math.tanh(slope(x)))),
  expression: (x, { approximate }) => {
    const inner =
      approximate === 'none' ? unary('erf', binary('mul', constant(Math.SQRT1_2), x)) : unary('tanh', slopeOf(x))
    return binary('mul', binary('mul', constant(0.5), x), binary('add', constant(1), inner))
  },
})
