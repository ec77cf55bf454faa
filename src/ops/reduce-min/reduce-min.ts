import { EXACT } from '../op'
import { defineReduction, sharedByLine, highestOf } from '../reduce'

/** y = min x; of nothing ∞, or the greatest value of an integer type. */
export const reduceMin = defineReduction({
  name: 'ReduceMin',
  kernel: 'min',
  takes: ['number', 'bool'],
  compute: (line) => line.reduce((least, x) => Math.min(least, x), Infinity),
  computeWhole: (line, dtype) => line.reduce((least, x) => (x < least ? x : least), highestOf(dtype)),
  gradient: sharedByLine,
  tolerance: EXACT,
})
