import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'
import { axisAttribute, inferRows, logSoftmaxRow, lowerSoftmax, mapRows } from '../softmax-rows'

/** y = x − log Σ exp(x) along one axis. */
export const logSoftmax = defineOperator({
  name: 'LogSoftmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) => mapRows(context, x!, logSoftmaxRow),
  gradient: notYetDifferentiable,
  lower: (context) => lowerSoftmax(context, true),
  tolerance: FLOAT32,
})
