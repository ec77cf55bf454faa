import { defineUnary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** The smallest whole number that is not below x. */
export const ceil = defineUnary({
  name: 'Ceil',
  attributes: {},
  takes: 'float',
  compute: Math.ceil,
  expression: (x) => unary('ceil', x),
  gradient: notDifferentiable('a step function'),
  tolerance: EXACT,
})
