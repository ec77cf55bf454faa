import { binary, constant, defineUnary } from '../elementwise'
import { EXACT } from '../op'

/** y = max(x, 0). */
export const relu = defineUnary({
  name: 'Relu',
  attributes: {},
  takes: 'signed',
  compute: (x) => Math.max(x, 0),
  computeBig: (x) => (x > 0n ? x : 0n),
  expression: (x) => binary('max', x, constant(0)),
  gradient: (f, { y, dy }) => f.where(f.greater(y, 0), dy, 0),
  asActivation: () => ({ type: 'relu' }),
  tolerance: EXACT,
})
