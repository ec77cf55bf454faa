import { defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Bits that one has, or both, broadcast. */
export const bitwiseOr = defineBinary({
  name: 'BitwiseOr',
  attributes: {},
  takes: 'integer',
  compute: (a, b) => a | b,
  computeBig: (a, b) => a | b,
  expression: null,
  integers: (left, right) => ({ binary: 'bitOr', left, right }),
  gradient: notDifferentiable('integers'),
  tolerance: EXACT,
})
