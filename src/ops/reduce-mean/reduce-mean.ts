import { defineReduction, sum, sumWhole } from '../reduce'

/** y = Σ x / n; whole numbers are cut towards zero. NaN of nothing. */
export const reduceMean = defineReduction({
  name: 'ReduceMean',
  kernel: 'mean',
  compute: (line) => sum(line) / line.length,
  computeWhole(line, _, context) {
    if (line.length === 0) context.fail('whole numbers have no mean where there are none')
    return sumWhole(line) / BigInt(line.length)
  },
  gradient: (f, { dy }, { count }) => f.div(dy, count()),
})
