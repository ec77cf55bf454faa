import { integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { elementCount } from '../../core/dtypes'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { forEachIndex, mergeDims, stridesOf, type Dims } from '../shapes'

const attributes = { batch_axis: int(1), time_axis: int(0) }

function checkAxes({ attributes: given, fail }: NodeView<typeof attributes>, shape: Dims): void {
  const { batch_axis: batch, time_axis: time } = given
  if (shape.length < 2) return fail(`the input must have at least 2 axes, not ${shape.length}`)
  if ([batch, time].sort().join() !== '0,1') fail(`batch and time must be the axes 0 and 1, not ${batch} and ${time}`)
}

/** The first `lengths[b]` steps of each batch entry backwards, the others as they are. */
export const reverseSequence = defineOperator({
  name: 'ReverseSequence',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    const [shape, lengths] = [context.shape(0), context.shape(1)]
    if (shape) checkAxes(context, shape)
    const batch = shape?.[context.attributes.batch_axis]
    if (shape && lengths && (lengths.length !== 1 || mergeDims(batch!, lengths[0]!) === undefined)) {
      context.fail(`one length for each of ${batch} batch entries is needed`)
    }
    return [{ dtype: context.dtype(0), shape }]
  },
  reference(context, x, lengths) {
    const { batch_axis: batch, time_axis: time } = context.attributes
    const counts = integersOf(lengths!)
    const steps = x!.shape[time] as number
    const odd = counts.find((count) => count < 0 || count > steps)
    if (odd !== undefined) context.fail(`the length ${odd} must lie in [0, ${steps}]`)
    const result = context.empty(x!.dtype, x!.shape)
    const strides = stridesOf(x!.shape)
    const [batchStride, timeStride] = [strides[batch] as number, strides[time] as number]
    forEachIndex(x!.shape, [], (position) => {
      const step = Math.floor(position / timeStride) % steps
      const count = counts[Math.floor(position / batchStride) % counts.length] as number
      const from = step < count ? position + (count - 1 - 2 * step) * timeStride : position
      result.values[position] = x!.values[from]!
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, attributes: axes, gradient, input }) => [
    write.add(
      'ReverseSequence',
      [gradient(0), input(1)],
      [attribute.int('batch_axis', axes.batch_axis), attribute.int('time_axis', axes.time_axis)],
    ),
  ]),
  lower(context) {
    const [input, lengths, output] = [context.input(0), context.input(1), context.output(0)]
    const { batch_axis: batch, time_axis: time } = context.attributes
    const sizes = { batch: input.shape[batch]!, size: input.shape[time]!, inner: elementCount(input.shape.slice(2)) }
    return [{ kernel: 'reverse', input, lengths, output, ...sizes, isBatchFirst: batch === 0 }]
  },
  tolerance: EXACT,
})
