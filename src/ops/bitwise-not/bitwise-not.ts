import { defineUnary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Every bit turned. */
export const bitwiseNot = defineUnary({
  name: 'BitwiseNot',
  attributes: {},
  takes: 'integer',
  compute: (x) => ~x,
  computeBig: (x) => ~x,
  expression: null,
  integers: (of) => ({ unary: 'bitNot', of }),
  gradient: notDifferentiable('integers'),
  tolerance: EXACT,
})
