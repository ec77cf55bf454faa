import { defineUnary, unary } from '../elementwise'

/** y = √x; NaN below 0. */
export const sqrt = defineUnary({
  name: 'Sqrt',
  attributes: {},
  takes: 'float',
  compute: Math.sqrt,
  expression: (x) => unary('sqrt', x),
  gradient: (f, { y, dy }) => f.div(dy, f.mul(2, y)),
})
