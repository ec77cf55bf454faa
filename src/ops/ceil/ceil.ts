import { defineUnary, unary } from '../elementwise'
import { EXACT, ZERO_DERIVATIVE } from '../op'

/** The smallest whole number that is not below x. */
export const ceil = defineUnary({
  name: 'Ceil',
  attributes: {},
  takes: 'float',
  compute: Math.ceil,
  expression: (x) => unary('ceil', x),
  gradient: ZERO_DERIVATIVE,
  tolerance: EXACT,
})
