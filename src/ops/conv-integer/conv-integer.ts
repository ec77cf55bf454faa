import { elementCount } from '../../core/dtypes'
import { convAttributes, convCall, convolve, convShape } from '../convolution'
import { ExactSums, centeredValues, checkSide } from '../integer-sums'
import { defineOperator, EXACT, notDifferentiable } from '../op'

const X = { input: 0, zeroPoint: 2, axis: 1 }
const W = { input: 1, zeroPoint: 3, axis: 0 }

/**
 * y = the convolution of x − zero point and w − zero point in int32; padding adds nothing. Shapes as Conv; both int8 or uint8,
 * x with one zero point, w with one or one per output channel.
 */
export const convInteger = defineOperator({
  name: 'ConvInteger',
  domain: '',
  attributes: convAttributes,
  inputs: [2, 4],
  infer(context) {
    checkSide(context, X, 'x')
    checkSide(context, W, 'w')
    return [{ dtype: 'int32', shape: convShape(context, undefined) }]
  },
  reference(context, x, w, xZero, wZero) {
    const { shape, values } = convolve(
      context,
      { shape: x!.shape, values: centeredValues(x!, xZero, X.axis) },
      { shape: w!.shape, values: centeredValues(w!, wZero, W.axis) },
    )
    const result = context.empty('int32', shape)
    ;(result.values as Int32Array).set(values)
    return [result]
  },
  gradient: notDifferentiable('integers'),
  lower(context) {
    const [x, w, output] = [context.input(0), context.input(1), context.output(0)]
    if (x.shape.length > 5 || elementCount(output.shape) === 0) return null
    const sums = new ExactSums(context)
    const [input, weight] = [sums.center(X), sums.center(W)]
    const length = elementCount(w.shape.slice(1))
    const isDone = sums.sum([input, weight], {
      length,
      output,
      multiply: (digit, product) => convCall(context, { input: input.operand, weight: digit, output: product }),
      largestSum: (values) => largestRow(values, length),
    })
    return isDone ? sums.calls : null
  },
  tolerance: EXACT,
})

/** Of output channels, one after the other. */
function largestRow(values: Float64Array, length: number): number {
  let largest = 0
  for (let from = 0; from < values.length; from += length) {
    let sum = 0
    for (let i = 0; i < length; i++) sum += Math.abs(values[from + i]!)
    largest = Math.max(largest, sum)
  }
  return largest
}
