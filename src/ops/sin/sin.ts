import { defineUnary, unary } from '../elementwise'

/** y = sin x, x in radians. */
export const sin = defineUnary({
  name: 'Sin',
  attributes: {},
  takes: 'float',
  compute: Math.sin,
  expression: (x) => unary('sin', x),
  gradient: (f, { x, dy }) => f.mul(dy, f.of('Cos', x)),
})
