import { defineReduction } from '../reduce'

/** y = Π x; 1 of nothing. */
export const reduceProd = defineReduction({
  name: 'ReduceProd',
  kernel: 'prod',
  compute: (line) => line.reduce((product, x) => product * x, 1),
  computeWhole: (line) => line.reduce((product, x) => product * x, 1n),
})
