import { defineUnary, unary } from '../elementwise'
import { EXACT } from '../op'

/** y = −x. */
export const neg = defineUnary({
  name: 'Neg',
  attributes: {},
  takes: 'signed',
  compute: (x) => -x,
  computeBig: (x) => -x,
  expression: (x) => unary('neg', x),
  gradient: (f, { dy }) => f.neg(dy),
  tolerance: EXACT,
})
