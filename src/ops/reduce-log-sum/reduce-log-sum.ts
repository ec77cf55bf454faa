import { defineReduction, sum } from '../reduce'

/** y = ln Σ x; −∞ of nothing. Later opsets take no integers, for which it has no meaning. */
export const reduceLogSum = defineReduction({
  name: 'ReduceLogSum',
  kernel: 'logSum',
  takes: ['float'],
  compute: (line) => Math.log(sum(line)),
  gradient: (f, { y, dy }) => f.div(dy, f.exp(y)),
})
