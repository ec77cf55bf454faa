import { defineVariadic, sharedByEqual } from '../variadic'
import { EXACT } from '../op'

/** The largest of all inputs, broadcast; NaN where one is. */
export const max = defineVariadic({
  name: 'Max',
  attributes: {},
  takes: 'number',
  combine: Math.max,
  combineBig: (a, b) => (a > b ? a : b),
  kernel: 'max',
  gradient: sharedByEqual,
  tolerance: EXACT,
})
