import { binary, defineUnary, unary } from '../elementwise'
import { softplusOf } from '../special-functions'

/** y = x · tanh(ln(1 + eˣ)). Source: Misra, arXiv:1908.08681. */
export const mish = defineUnary({
  name: 'Mish',
  attributes: {},
  takes: 'float',
  compute: (x) => x * Math.tanh(softplusOf(x)),
  expression: (x) => binary('mul', x, unary('tanh', unary('softplus', x))),
  gradient(f, { x, dy }) {
    const t = f.of('Tanh', f.of('Softplus', x))
    const bend = f.mul(f.mul(x, f.of('Sigmoid', x)), f.sub(1, f.square(t)))
    return f.mul(dy, f.add(t, bend))
  },
})
