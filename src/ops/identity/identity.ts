import { aliasCall } from '../movement'
import { defineOperator, EXACT, differentiable } from '../op'

/** y = x. */
export const identity = defineOperator({
  name: 'Identity',
  domain: '',
  attributes: {},
  inputs: [1, 1],
  infer: (context) => [{ dtype: context.dtype(0), shape: context.shape(0) }],
  inferDims: (context) => context.dims(0),
  reference: (_, x) => [x],
  gradient: differentiable((context) => [context.gradient(0)]),
  lower: (context) => [aliasCall(context.input(0), context.output(0))],
  tolerance: EXACT,
})
