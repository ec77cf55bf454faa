import { defineUnary, unary } from '../elementwise'

/** y = eˣ. */
export const exp = defineUnary({
  name: 'Exp',
  attributes: {},
  takes: 'float',
  compute: Math.exp,
  expression: (x) => unary('exp', x),
  gradient: (f, { y, dy }) => f.mul(dy, y),
})
