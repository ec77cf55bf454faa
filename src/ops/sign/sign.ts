import { defineUnary, unary } from '../elementwise'
import { EXACT, ZERO_DERIVATIVE } from '../op'

/** −1, 0 or 1. */
export const sign = defineUnary({
  name: 'Sign',
  attributes: {},
  takes: 'number',
  compute: Math.sign,
  computeBig: (x) => (x > 0n ? 1n : x < 0n ? -1n : 0n),
  expression: (x) => unary('sign', x),
  gradient: ZERO_DERIVATIVE,
  tolerance: EXACT,
})
