import { elementCount } from '../../core/dtypes'
import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { requireIndices, tupleBlocks, tupleOffsets } from '../indices'
import { shapeOf, sizeAlong, zerosLike, type GradientContext, type ValueName } from '../gradient'
import { defineOperator, EXACT, differentiable, type InferContext } from '../op'
import { places } from '../scatter-add'
import { mergeDims, type Dims } from '../shapes'

const attributes = { batch_dims: int(0) }

function inferShape(context: InferContext<typeof attributes>): Dims | undefined {
  const { batch_dims: lead } = context.attributes
  const [shape, indices] = [context.shape(0), context.shape(1)]
  const depth = indices?.at(-1)
  if (!shape || !indices || typeof depth !== 'number') return undefined
  if (lead < 0 || lead >= Math.min(shape.length, indices.length)) {
    context.fail(`batch_dims ${lead} must lie in [0, ${Math.min(shape.length, indices.length) - 1}]`)
  }
  if (depth < 1 || depth > shape.length - lead) {
    context.fail(`an index of ${depth} numbers does not fit ${shape.length - lead} axes`)
  }
  for (let axis = 0; axis < lead; axis++) {
    if (mergeDims(shape[axis]!, indices[axis]!) === undefined) {
      context.fail(`the sizes ${shape[axis]} and ${indices[axis]} of batch axis ${axis} differ`)
    }
  }
  return [...indices.slice(0, -1), ...shape.slice(lead + depth)]
}

/** Indices with those of the batch axes before them. */
function wholeIndices(context: GradientContext<typeof attributes>): ValueName {
  const { write } = context
  const { batch_dims: lead } = context.attributes
  const indices = context.input(1)
  if (lead === 0) return indices
  const rank = shapeOf(context, indices).length
  const one = write.integers([1])
  const shape = write.add('Concat', [write.add('Shape', [indices], [attribute.int('end', -1)]), one], [AXIS_0])
  const batches = Array.from({ length: lead }, (_, axis) => {
    const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis)
    const own = write.add('Unsqueeze', [places(context, sizeAlong(context, indices, axis)), write.integers(others)])
    return write.add('Expand', [own, shape])
  })
  const whole = write.type(indices).dtype === 'int64' ? indices : write.add('Cast', [indices], [attribute.int('to', 7)])
  return write.add('Concat', [...batches, whole], [attribute.int('axis', -1)])
}
const AXIS_0 = attribute.int('axis', 0)

/** y[b…, i…] = x[b…, indices[b…, i…, :]]: blocks that tuples of indices name; `batch_dims` leading axes go together. */
export const gatherND = defineOperator({
  name: 'GatherND',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireIndices(context, 1)
    return [{ dtype: context.dtype(0), shape: inferShape(context) }]
  },
  reference(context, x, indices) {
    const { batch_dims: lead } = context.attributes
    const depth = indices!.shape.at(-1) as number
    const block = elementCount(x!.shape.slice(lead + depth))
    const result = context.empty(x!.dtype, [...indices!.shape.slice(0, -1), ...x!.shape.slice(lead + depth)])
    const offsets = tupleOffsets(context, x!.shape, indices!, lead)
    const perBatch = offsets.length / elementCount(x!.shape.slice(0, lead))
    const batchSize = elementCount(x!.shape.slice(lead))
    offsets.forEach((offset, i) => {
      const from = Math.floor(i / perBatch) * batchSize + offset
      for (let k = 0; k < block; k++) result.values[i * block + k] = x!.values[from + k]!
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => [
    context.write.add(
      'ScatterND',
      [zerosLike(context.write, context.input(0)), wholeIndices(context), context.gradient(0)],
      [attribute.string('reduction', 'add')],
    ),
  ]),
  lower(context) {
    const [input, indices, output] = [context.input(0), context.input(1), context.output(0)]
    const blocks = tupleBlocks(input.shape, indices.shape, context.attributes.batch_dims)
    return [{ kernel: 'gatherBlocks', input, indices, output, blocks }]
  },
  tolerance: EXACT,
})
