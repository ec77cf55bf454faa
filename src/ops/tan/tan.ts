import { binary, defineUnary, unary } from '../elementwise'

/** y = tan x, x in radians. */
export const tan = defineUnary({
  name: 'Tan',
  attributes: {},
  takes: 'float',
  compute: Math.tan,
  expression: (x) => binary('div', unary('sin', x), unary('cos', x)),
  // the quotient of two rounded numbers, steep near the poles
  gradient: (f, { y, dy }) => f.mul(dy, f.add(1, f.square(y))),
  tolerance: { absolute: 1e-6, relative: 2e-4, reason: 'the cosine near its zeros' },
})
