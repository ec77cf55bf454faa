import { defineReduction } from '../reduce'
import { product } from '../shapes'

/** y = Π x; 1 of nothing. */
export const reduceProd = defineReduction({
  name: 'ReduceProd',
  kernel: 'prod',
  compute: (line) => line.reduce((found, x) => found * x, 1),
  computeWhole: (line) => line.reduce((found, x) => found * x, 1n),
  dims: product,
})
