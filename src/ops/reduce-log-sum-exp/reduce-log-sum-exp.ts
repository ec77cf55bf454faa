import { defineReduction, sum } from '../reduce'

/** y = m + ln Σ exp(x − m), m the maximum, so that nothing overflows; −∞ of nothing. */
export const reduceLogSumExp = defineReduction({
  name: 'ReduceLogSumExp',
  kernel: 'logSumExp',
  takes: ['float'],
  compute(line) {
    const most = line.reduce((found, x) => Math.max(found, x), -Infinity)
    return Number.isFinite(most) ? most + Math.log(sum(line.map((x) => Math.exp(x - most)))) : most
  },
  gradient: (f, { x, y, dy }) => f.mul(dy, f.exp(f.sub(x, y))),
})
