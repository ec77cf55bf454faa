import { defineUnary, unary } from '../elementwise'
import { EXACT } from '../op'

/** y = |x|. */
export const abs = defineUnary({
  name: 'Abs',
  attributes: {},
  compute: Math.abs,
  computeBig: (x) => (x < 0n ? -x : x),
  expression: (x) => unary('abs', x),
  gradient: (f, { x, dy }) => f.mul(dy, f.of('Sign', x)),
  tolerance: EXACT,
})
