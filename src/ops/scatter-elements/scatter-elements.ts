import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { checkElementIndices, elementBlocks, elementOffsets } from '../indices'
import { scatterGradient } from '../scatter-gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { checkUpdates, copyOf, putElement, reductionAttribute, scatterCalls } from '../scatter'
import { mergeDims } from '../shapes'

const attributes = { axis: int(0), reduction: reductionAttribute }

/** y = x, and then y[indices[i, j, k], j, k] = updates[i, j, k] for axis 0, and so on; `reduction` says how they combine. */
export const scatterElements = defineOperator({
  name: 'ScatterElements',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    checkUpdates(context, context.attributes.reduction)
    checkElementIndices(context, context.attributes.axis)
    const [indices, updates] = [context.shape(1), context.shape(2)]
    const fits =
      !indices ||
      !updates ||
      (indices.length === updates.length && indices.every((dim, i) => mergeDims(dim, updates[i]!) !== undefined))
    if (!fits) context.fail('indices and updates must have one shape')
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x, indices, updates) {
    const { axis, reduction } = context.attributes
    const result = copyOf(x!)
    elementOffsets(context, x!.shape, indices!, axis).forEach((at, i) =>
      putElement(result, at, updates!.values[i]!, reduction),
    )
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) =>
    scatterGradient(context, 'ScatterElements', 'GatherElements', attribute.int('axis', context.attributes.axis)),
  ),
  lower(context) {
    const { axis, reduction } = context.attributes
    return scatterCalls(
      context,
      reduction,
      elementBlocks(context, context.input(0).shape, context.input(1).shape, axis),
    )
  },
  tolerance: FLOAT32,
})
