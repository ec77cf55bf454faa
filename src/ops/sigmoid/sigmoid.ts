import { defineUnary, unary } from '../elementwise'
import { sigmoidOf } from '../special-functions'

/** y = 1 / (1 + e⁻ˣ). */
export const sigmoid = defineUnary({
  name: 'Sigmoid',
  attributes: {},
  takes: 'float',
  compute: sigmoidOf,
  expression: (x) => unary('sigmoid', x),
  asActivation: () => ({ type: 'sigmoid' }),
})
