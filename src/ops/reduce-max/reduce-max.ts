import { EXACT } from '../op'
import { defineReduction, sharedByLine, lowestOf } from '../reduce'

/** y = max x; of nothing −∞, or the least value of an integer type. */
export const reduceMax = defineReduction({
  name: 'ReduceMax',
  kernel: 'max',
  takes: ['number', 'bool'],
  compute: (line) => line.reduce((most, x) => Math.max(most, x), -Infinity),
  computeWhole: (line, dtype) => line.reduce((most, x) => (x > most ? x : most), lowestOf(dtype)),
  gradient: sharedByLine,
  tolerance: EXACT,
})
