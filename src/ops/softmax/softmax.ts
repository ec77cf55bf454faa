import { formulaFor } from '../elementwise'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { axisAttribute, inferRows, lowerSoftmax, mapRows, softmaxRow, sumOfRows } from '../softmax-rows'

/** y = exp(x) / Σ exp(x) along one axis. */
export const softmax = defineOperator({
  name: 'Softmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) => mapRows(context, x!, softmaxRow),
  gradient: differentiable<typeof axisAttribute>((context) => {
    const [y, dy] = [context.output(0), context.gradient(0)!]
    const f = formulaFor(context, y)
    return [f.mul(f.sub(dy, sumOfRows(context, f.mul(dy, y))), y)]
  }),
  lower: (context) => lowerSoftmax(context, false),
  tolerance: FLOAT32,
})
