import { multiplyDims } from '../dims'
import { binary, defineBinary } from '../elementwise'
import { multiplied } from '../integer-arithmetic'

/** y = a · b, broadcast. */
export const mul = defineBinary({
  name: 'Mul',
  attributes: {},
  takes: 'number',
  compute: (a, b, _, dtype) => multiplied(a, b, dtype),
  computeBig: (a, b) => a * b,
  expression: (a, b) => binary('mul', a, b),
  dims: multiplyDims,
  gradient: [(f, { b, dy }) => f.mul(dy, b), (f, { a, dy }) => f.mul(dy, a)],
})
