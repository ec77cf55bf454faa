import { defineUnary, unary } from '../elementwise'

/** y = tanh x. */
export const tanh = defineUnary({
  name: 'Tanh',
  attributes: {},
  takes: 'float',
  compute: Math.tanh,
  expression: (x) => unary('tanh', x),
  gradient: (f, { y, dy }) => f.mul(dy, f.sub(1, f.square(y))),
  asActivation: () => ({ type: 'tanh' }),
})
