import { numbersOf, type HostArray } from '../../core/host-array'
import type { KernelCall } from '../../backends/kernel-calls'
import { int, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { formulaFor } from '../elementwise'
import { defineOperator, differentiable, FLOAT32 } from '../op'

const scalar = (array: HostArray | undefined, absent: number) => (array ? Number(array.values[0]) : absent)

/**
 * In training each element becomes 0 with the probability `ratio`, else x / (1 − ratio); otherwise y = x. Second output:
 * which elements stay. Source: Srivastava et al., JMLR 15 (2014).
 */
export const dropout = defineOperator({
  name: 'Dropout',
  domain: '',
  attributes: { seed: optional(int()) },
  inputs: [1, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const ratio = context.has(1) ? context.constant(1) : undefined
    const value = scalar(ratio, 0)
    if (!(value >= 0 && value < 1)) context.fail(`ratio ${value} must lie in [0, 1)`)
    return [
      { dtype: context.dtype(0), shape: context.shape(0) },
      { dtype: 'bool', shape: context.shape(0) },
    ]
  },
  reference(context, x, ratio, trainingMode) {
    const share = scalar(trainingMode, 0) ? scalar(ratio, 0.5) : 0
    const y = context.empty(x!.dtype, x!.shape)
    const mask = context.empty('bool', x!.shape)
    numbersOf(x!).forEach((value, i) => {
      const stays = share === 0 || context.random.uniform() >= share
      mask.values[i] = Number(stays)
      y.values[i] = stays ? value / (1 - share) : 0
    })
    return [y, mask]
  },
  gradient: differentiable((context) => {
    const dy = context.gradient(0) as string
    const known = (input: number) => (context.has(input) ? context.write.known(context.input(input)) : undefined)
    const isOff = !context.has(2) || scalar(known(2), 1) === 0
    if (isOff) return [dy]
    const f = formulaFor(context, dy)
    const ratio = context.has(1) ? f.of('CastLike', context.input(1), dy) : 0.5
    const share = f.where(context.input(2), ratio, 0)
    // where all stays, the mask is true everywhere
    return [f.where(context.output(1), f.div(dy, f.sub(1, share)), 0)]
  }),
  lower(context) {
    const isTraining = context.has(2) && scalar(context.constant(2), 1) !== 0
    const ratio = context.has(1) ? scalar(context.constant(1), 1) : 0.5
    // which elements fall is random: the host decides
    if (isTraining && ratio !== 0) return null
    const calls: KernelCall[] = []
    if (context.wants(0)) calls.push({ kernel: 'alias', input: context.input(0), output: context.output(0) })
    if (context.wants(1)) calls.push({ kernel: 'fill', output: context.output(1), value: 1 })
    return calls
  },
  tolerance: FLOAT32,
})
