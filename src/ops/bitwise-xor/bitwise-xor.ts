import { defineBinary } from '../elementwise'
import { EXACT, notDifferentiable } from '../op'

/** Bits that exactly one has, broadcast. */
export const bitwiseXor = defineBinary({
  name: 'BitwiseXor',
  attributes: {},
  takes: 'integer',
  compute: (a, b) => a ^ b,
  computeBig: (a, b) => a ^ b,
  expression: null,
  integers: (left, right) => ({ binary: 'bitXor', left, right }),
  gradient: notDifferentiable('integers'),
  tolerance: EXACT,
})
