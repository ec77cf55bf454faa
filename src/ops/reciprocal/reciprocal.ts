import { defineUnary, unary } from '../elementwise'

/** y = 1 / x. */
export const reciprocal = defineUnary({
  name: 'Reciprocal',
  attributes: {},
  takes: 'float',
  compute: (x) => 1 / x,
  expression: (x) => unary('reciprocal', x),
  gradient: (f, { y, dy }) => f.neg(f.mul(dy, f.square(y))),
})
