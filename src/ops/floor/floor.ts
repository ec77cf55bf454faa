import { defineUnary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** The largest whole number that is not above x. */
export const floor = defineUnary({
  name: 'Floor',
  attributes: {},
  takes: 'float',
  compute: Math.floor,
  expression: (x) => unary('floor', x),
  gradient: notDifferentiable('a step function'),
  tolerance: EXACT,
})
