import { binary, defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether a ≤ b, broadcast. */
export const lessOrEqual = defineBinary({
  name: 'LessOrEqual',
  attributes: {},
  takes: 'number',
  compute: (a, b) => a <= b,
  computeBig: (a, b) => a <= b,
  expression: (a, b) => binary('lessOrEqual', a, b),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
