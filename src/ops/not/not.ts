import { defineUnary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether x is false. */
export const not = defineUnary({
  name: 'Not',
  attributes: {},
  takes: 'bool',
  compute: (x) => x === 0,
  expression: (x) => unary('not', x),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
