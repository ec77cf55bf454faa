import { addDims } from '../dims'
import { binary, defineBinary } from '../elementwise'

/** y = a + b, broadcast. */
export const add = defineBinary({
  name: 'Add',
  attributes: {},
  compute: (a, b) => a + b,
  computeBig: (a, b) => a + b,
  dims: addDims,
  expression: (a, b) => binary('add', a, b),
  gradient: [(_, { dy }) => dy, (_, { dy }) => dy],
})
