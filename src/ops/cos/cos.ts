import { defineUnary, unary } from '../elementwise'

/** y = cos x, x in radians. */
export const cos = defineUnary({
  name: 'Cos',
  attributes: {},
  takes: 'float',
  compute: Math.cos,
  expression: (x) => unary('cos', x),
  gradient: (f, { x, dy }) => f.neg(f.mul(dy, f.of('Sin', x))),
})
