import { defineReduction, sum, sumWhole } from '../reduce'

/** y = Σ x²; 0 of nothing. */
export const reduceSumSquare = defineReduction({
  name: 'ReduceSumSquare',
  kernel: 'sumSquare',
  compute: (line) => sum(line.map((x) => x * x)),
  computeWhole: (line) => sumWhole(line.map((x) => x * x)),
  gradient: (f, { x, dy }) => f.mul(f.mul(2, dy), x),
})
