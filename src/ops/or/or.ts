import { binary, defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Whether one is true, or both, broadcast. */
export const or = defineBinary({
  name: 'Or',
  attributes: {},
  takes: 'bool',
  compute: (a, b) => a !== 0 || b !== 0,
  expression: (a, b) => binary('max', a, b),
  output: 'bool',
  gradient: notDifferentiable('the result is a boolean'),
  tolerance: EXACT,
})
