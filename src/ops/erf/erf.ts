import { defineUnary, unary } from '../elementwise'
import { erf as erfOf } from '../special-functions'

/** y = 2/√π ∫₀ˣ e^(−t²) dt. */
export const erf = defineUnary({
  name: 'Erf',
  attributes: {},
  takes: 'float',
  compute: erfOf,
  expression: (x) => unary('erf', x),
  gradient: (f, { x, dy }) => f.mul(dy, f.mul(2 / Math.sqrt(Math.PI), f.exp(f.neg(f.square(x))))),
})
