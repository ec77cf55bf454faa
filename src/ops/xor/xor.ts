import { binary, defineBinary, unary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether exactly one is true, broadcast. */
export const xor = defineBinary({
  name: 'Xor',
  attributes: {},
  takes: 'bool',
  compute: (a, b) => a !== b,
  expression: (a, b) => unary('not', binary('equal', a, b)),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
