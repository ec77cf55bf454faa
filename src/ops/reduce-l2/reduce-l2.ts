import { defineReduction, sum, sumWhole } from '../reduce'

/** y = √Σ x²; whole numbers are cut towards zero. 0 of nothing. */
export const reduceL2 = defineReduction({
  name: 'ReduceL2',
  kernel: 'l2',
  compute: (line) => Math.sqrt(sum(line.map((x) => x * x))),
  computeWhole: (line) => BigInt(Math.trunc(Math.sqrt(Number(sumWhole(line.map((x) => x * x)))))),
  // of zeros: 0
  gradient: (f, { x, y, dy }) => f.mul(x, f.div(dy, f.where(f.equal(y, 0), 1, y))),
})
