import { defineUnary, unary } from '../elementwise'

/** y = tanh x. */
export const tanh = defineUnary({
  name: 'Tanh',
  attributes: {},
  takes: 'float',
  compute: Math.tanh,
  expression: (x) => unary('tanh', x),
  asActivation: () => ({ type: 'tanh' }),
})
