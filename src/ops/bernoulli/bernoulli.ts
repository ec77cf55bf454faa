import { numbersOf, setValue } from '../../core/host-array'
import { dtype, float, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator } from '../op'
import { RANDOM } from '../random-arrays'

/** 1 with the probability that the input holds, else 0; of the input's type unless `dtype` is given. */
export const bernoulli = defineOperator({
  name: 'Bernoulli',
  domain: '',
  attributes: { dtype: optional(dtype()), seed: optional(float()) },
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    return [{ dtype: context.attributes.dtype ?? context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, probabilities) {
    const result = context.empty(context.attributes.dtype ?? probabilities!.dtype, probabilities!.shape)
    numbersOf(probabilities!).forEach((p, i) => setValue(result, i, context.random.uniform() < p ? 1 : 0))
    return [result]
  },
  ...RANDOM,
})
