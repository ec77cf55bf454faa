import { binary, defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether both are true, broadcast. */
export const and = defineBinary({
  name: 'And',
  attributes: {},
  takes: 'bool',
  compute: (a, b) => a !== 0 && b !== 0,
  expression: (a, b) => binary('min', a, b),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
