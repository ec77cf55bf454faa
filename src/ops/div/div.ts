import { isFloat } from '../../core/host-array'
import { divideDims } from '../dims'
import { binary, defineBinary } from '../elementwise'

const BY_ZERO = 'an integer is divided by zero'

/** y = a / b, broadcast; integers are cut towards zero. */
export const div = defineBinary({
  name: 'Div',
  attributes: {},
  takes: 'number',
  compute: (a, b, _, dtype, fail) => {
    if (isFloat(dtype)) return a / b
    return b === 0 ? fail(BY_ZERO) : Math.trunc(a / b)
  },
  computeBig: (a, b, _, fail) => (b === 0n ? fail(BY_ZERO) : a / b),
  expression: (a, b) => binary('div', a, b),
  dims: divideDims,
  gradient: [(f, { b, dy }) => f.div(dy, b), (f, { b, y, dy }) => f.neg(f.div(f.mul(dy, y), b))],
})
