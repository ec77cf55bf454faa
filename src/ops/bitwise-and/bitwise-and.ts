import { defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Bits that both have, broadcast. */
export const bitwiseAnd = defineBinary({
  name: 'BitwiseAnd',
  attributes: {},
  takes: 'integer',
  compute: (a, b) => a & b,
  computeBig: (a, b) => a & b,
  expression: null,
  integers: (left, right) => ({ binary: 'bitAnd', left, right }),
  gradient: notDifferentiable('integers'),
  tolerance: EXACT,
})
