import { defineUnary, unary } from '../elementwise'
import { softplusOf } from '../special-functions'

/** y = ln(1 + eˣ). */
export const softplus = defineUnary({
  name: 'Softplus',
  attributes: {},
  takes: 'float',
  compute: softplusOf,
  expression: (x) => unary('softplus', x),
  gradient: (f, { x, dy }) => f.mul(dy, f.of('Sigmoid', x)),
})
