import { defineUnary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether x is not a number. */
export const isNaNOperator = defineUnary({
  name: 'IsNaN',
  attributes: {},
  takes: 'float',
  compute: Number.isNaN,
  expression: (x) => unary('isNaN', x),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
