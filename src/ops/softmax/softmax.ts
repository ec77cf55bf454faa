import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'
import { axisAttribute, inferRows, lowerSoftmax, mapRows, softmaxRow } from '../softmax-rows'

/** y = exp(x) / Σ exp(x) along one axis. */
export const softmax = defineOperator({
  name: 'Softmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) => mapRows(context, x!, softmaxRow),
  gradient: notYetDifferentiable,
  lower: (context) => lowerSoftmax(context, false),
  tolerance: FLOAT32,
})
