import { bitsOf } from '../../core/dtypes'
import { choice } from '../attributes'
import { defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** a shifted by b bits, broadcast; zeros come in, and nothing is left from the width of the type on. */
export const bitShift = defineBinary({
  name: 'BitShift',
  attributes: { direction: choice(['LEFT', 'RIGHT']) },
  takes: 'unsigned',
  compute: (a, b, { direction }, dtype) => {
    if (b >= (bitsOf(dtype) ?? 0)) return 0
    return direction === 'LEFT' ? a << b : a >>> b
  },
  computeBig: (a, b, { direction }) => {
    if (b >= 64n) return 0n
    return direction === 'LEFT' ? a << b : a >> b
  },
  expression: null,
  integers: (left, right, { direction }) => ({
    binary: direction === 'LEFT' ? 'shiftLeft' : 'shiftRight',
    left,
    right,
  }),
  gradient: notDifferentiable('integers'),
  tolerance: EXACT,
})
