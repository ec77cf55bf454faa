import { defineUnary, unary } from '../elementwise'
import { EXACT, ZERO_DERIVATIVE } from '../op'

/** The largest whole number that is not above x. */
export const floor = defineUnary({
  name: 'Floor',
  attributes: {},
  takes: 'float',
  compute: Math.floor,
  expression: (x) => unary('floor', x),
  gradient: ZERO_DERIVATIVE,
  tolerance: EXACT,
})
