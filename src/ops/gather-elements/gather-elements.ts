import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { checkElementIndices, elementBlocks, elementOffsets } from '../indices'
import { zerosLike } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'

const attributes = { axis: int(0) }

/** y[i, j, k] = x[indices[i, j, k], j, k] for axis 0, and so on; negative indices count from the end. */
export const gatherElements = defineOperator({
  name: 'GatherElements',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    checkElementIndices(context, context.attributes.axis)
    return [{ dtype: context.dtype(0), shape: context.shape(1) }]
  },
  reference(context, x, indices) {
    const result = context.empty(x!.dtype, indices!.shape)
    elementOffsets(context, x!.shape, indices!, context.attributes.axis).forEach((at, i) => {
      result.values[i] = x!.values[at]!
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, input, gradient, attributes: { axis } }) => [
    write.add(
      'ScatterElements',
      [zerosLike(write, input(0)), input(1), gradient(0)],
      [attribute.int('axis', axis), attribute.string('reduction', 'add')],
    ),
  ]),
  lower(context) {
    const [input, indices, output] = [context.input(0), context.input(1), context.output(0)]
    const blocks = elementBlocks(context, input.shape, indices.shape, context.attributes.axis)
    return [{ kernel: 'gatherBlocks', input, indices, output, blocks }]
  },
  tolerance: EXACT,
})
