import { subtractDims } from '../dims'
import { binary, defineBinary } from '../elementwise'

/** y = a − b, broadcast. */
export const sub = defineBinary({
  name: 'Sub',
  attributes: {},
  takes: 'number',
  compute: (a, b) => a - b,
  computeBig: (a, b) => a - b,
  expression: (a, b) => binary('sub', a, b),
  dims: subtractDims,
  gradient: [(_, { dy }) => dy, (f, { dy }) => f.neg(dy)],
})
