import { binary, defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether a = b, broadcast. */
export const equal = defineBinary({
  name: 'Equal',
  attributes: {},
  takes: 'any',
  compute: (a, b) => a === b,
  computeBig: (a, b) => a === b,
  expression: (a, b) => binary('equal', a, b),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
