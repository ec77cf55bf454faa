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
  gradient(f, { x, dy }, { approximate }) {
    if (approximate === 'none') {
      const normal = f.mul(0.5, f.add(1, f.of('Erf', f.mul(x, Math.SQRT1_2))))
      const density = f.mul(1 / Math.sqrt(2 * Math.PI), f.exp(f.mul(-0.5, f.square(x))))
      return f.mul(dy, f.add(normal, f.mul(x, density)))
    }
    const square = f.square(x)
    const t = f.of('Tanh', f.mul(f.mul(ROOT, x), f.add(1, f.mul(CUBIC, square))))
    // half of x · d tanh/dx
    const bend = f.mul(f.mul(0.5 * ROOT, x), f.add(1, f.mul(3 * CUBIC, square)))
    return f.mul(dy, f.add(f.mul(0.5, f.add(1, t)), f.mul(bend, f.sub(1, f.square(t)))))
  },
})
