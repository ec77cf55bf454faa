import { defineVariadic, sharedByEqual } from '../variadic'
import { EXACT } from '../op'

/** The smallest of all inputs, broadcast; NaN where one is. */
export const min = defineVariadic({
  name: 'Min',
  attributes: {},
  takes: 'number',
  combine: Math.min,
  combineBig: (a, b) => (a < b ? a : b),
  kernel: 'min',
  gradient: sharedByEqual,
  tolerance: EXACT,
})
