import { defineUnary, unary } from '../elementwise'
import { sigmoidOf } from '../special-functions'

/** y = 1 / (1 + e⁻ˣ). */
export const sigmoid = defineUnary({
  name: 'Sigmoid',
  attributes: {},
  takes: 'float',
  compute: sigmoidOf,
  expression: (x) => unary('sigmoid', x),
  gradient: (f, { y, dy }) => f.mul(dy, f.mul(y, f.sub(1, y))),
  asActivation: () => ({ type: 'sigmoid' }),
})
