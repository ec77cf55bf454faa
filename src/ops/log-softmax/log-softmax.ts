import { formulaFor } from '../elementwise'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { axisAttribute, inferRows, logSoftmaxRow, lowerSoftmax, mapRows, sumOfRows } from '../softmax-rows'

/** y = x − log Σ exp(x) along one axis. */
export const logSoftmax = defineOperator({
  name: 'LogSoftmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) => mapRows(context, x!, logSoftmaxRow),
  gradient: differentiable<typeof axisAttribute>((context) => {
    const [y, dy] = [context.output(0), context.gradient(0)!]
    const f = formulaFor(context, y)
    return [f.sub(dy, f.mul(f.exp(y), sumOfRows(context, dy)))]
  }),
  lower: (context) => lowerSoftmax(context, true),
  tolerance: FLOAT32,
})
