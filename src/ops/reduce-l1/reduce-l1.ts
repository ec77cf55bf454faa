import { absolute, defineReduction, sum, sumWhole } from '../reduce'

/** y = Σ |x|; 0 of nothing. */
export const reduceL1 = defineReduction({
  name: 'ReduceL1',
  kernel: 'l1',
  compute: (line) => sum(line.map(Math.abs)),
  computeWhole: (line) => sumWhole(line.map(absolute)),
  gradient: (f, { x, dy }) => f.mul(dy, f.of('Sign', x)),
})
