import { defineReduction, sum, sumWhole } from '../reduce'

/** y = Σ x; 0 of nothing. */
export const reduceSum = defineReduction({
  name: 'ReduceSum',
  kernel: 'sum',
  compute: sum,
  computeWhole: sumWhole,
  gradient: (_, { dy }) => dy,
})
