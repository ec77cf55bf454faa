import { defineUnary, unary } from '../elementwise'

/** y = ln x; NaN below 0. */
export const log = defineUnary({
  name: 'Log',
  attributes: {},
  takes: 'float',
  compute: Math.log,
  expression: (x) => unary('log', x),
  gradient: (f, { x, dy }) => f.div(dy, x),
})
