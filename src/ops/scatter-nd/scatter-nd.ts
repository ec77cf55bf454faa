import { elementCount } from '../../core/dtypes'
import { requireIndices, tupleBlocks, tupleOffsets } from '../indices'
import { scatterGradient } from '../scatter-gradient'
import { defineOperator, FLOAT32, differentiable, type InferContext } from '../op'
import { checkUpdates, copyOf, putElement, reductionAttribute, scatterCalls } from '../scatter'
import { mergeDims } from '../shapes'

const attributes = { reduction: reductionAttribute }

function checkShapes(context: InferContext<typeof attributes>): void {
  const [shape, indices, updates] = [context.shape(0), context.shape(1), context.shape(2)]
  const depth = indices?.at(-1)
  if (!shape || !indices || typeof depth !== 'number') return
  if (depth > shape.length) context.fail(`an index of ${depth} numbers does not fit ${shape.length} axes`)
  const wanted = [...indices.slice(0, -1), ...shape.slice(depth)]
  const fits =
    !updates ||
    (updates.length === wanted.length && wanted.every((dim, i) => mergeDims(dim, updates[i]!) !== undefined))
  if (!fits) context.fail(`the updates must have the shape [${wanted.map((dim) => dim ?? '?').join(', ')}]`)
}

/** y = x, and then y[indices[i…, :]] = updates[i…]: blocks that tuples of indices name; `reduction` says how they combine. */
export const scatterND = defineOperator({
  name: 'ScatterND',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireIndices(context, 1)
    checkUpdates(context, context.attributes.reduction)
    checkShapes(context)
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x, indices, updates) {
    const result = copyOf(x!)
    const block = elementCount(x!.shape.slice(indices!.shape.at(-1)))
    tupleOffsets(context, x!.shape, indices!).forEach((offset, i) => {
      for (let k = 0; k < block; k++) {
        putElement(result, offset + k, updates!.values[i * block + k]!, context.attributes.reduction)
      }
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => scatterGradient(context, 'ScatterND', 'GatherND')),
  lower: (context) =>
    scatterCalls(context, context.attributes.reduction, tupleBlocks(context.input(0).shape, context.input(1).shape)),
  tolerance: FLOAT32,
})
