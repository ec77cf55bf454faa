import { isFloat } from '../../core/host-array'
import { flag } from '../attributes'
import { defineBinary } from '../elementwise'

const BY_ZERO = 'an integer is divided by zero'

/** The remainder of a / b, broadcast: of the sign of b, or of a with fmod = 1, which floats need. */
export const mod = defineBinary({
  name: 'Mod',
  attributes: { fmod: flag(false) },
  takes: 'number',
  compute: (a, b, { fmod }, dtype, fail) => {
    if (b === 0 && !isFloat(dtype)) return fail(BY_ZERO)
    const rest = a % b
    return fmod || rest === 0 || rest < 0 === b < 0 ? rest : rest + b
  },
  computeBig: (a, b, { fmod }, fail) => {
    if (b === 0n) return fail(BY_ZERO)
    const rest = a % b
    return fmod || rest === 0n || rest < 0n === b < 0n ? rest : rest + b
  },
  expression: null,
  integers: (left, right, { fmod }) => ({ binary: fmod ? 'remainder' : 'mod', left, right }),
  check(context) {
    if (isFloat(context.dtype(0)) && !context.attributes.fmod) context.fail('floats need fmod = 1')
  },
  // y = a − b · n, n being whole
  gradient: [(_, { dy }) => dy, (f, { a, b, y, dy }) => f.mul(dy, f.div(f.sub(y, a), b))],
})
