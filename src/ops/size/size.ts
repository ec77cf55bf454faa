import { elementCount } from '../../core/dtypes'
import { hostArray } from '../../core/host-array'
import { aliasCall } from '../movement'
import { defineOperator, EXACT, notDifferentiable } from '../op'
import { product } from '../shapes'

/** The number of elements, as an int64 scalar. */
export const size = defineOperator({
  name: 'Size',
  domain: '',
  attributes: {},
  inputs: [1, 1],
  infer: () => [{ dtype: 'int64', shape: [] }],
  inferDims(context) {
    const shape = context.shape(0)
    return shape && [product(shape)]
  },
  reference: (_, x) => [hostArray('int64', [], [elementCount(x!.shape)])],
  gradient: notDifferentiable('a count is a whole number'),
  lower(context) {
    const count = hostArray('int64', [], [elementCount(context.input(0).shape)])
    return [aliasCall(context.store(count), context.output(0))]
  },
  tolerance: EXACT,
})
