import { roundHalfEven } from '../../core/tensor'
import { defineUnary, unary } from '../elementwise'
import { EXACT, ZERO_DERIVATIVE } from '../op'

/** The nearest whole number, ties to even. */
export const round = defineUnary({
  name: 'Round',
  attributes: {},
  takes: 'float',
  compute: roundHalfEven,
  expression: (x) => unary('round', x),
  gradient: ZERO_DERIVATIVE,
  tolerance: EXACT,
})
