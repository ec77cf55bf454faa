import { integersOf } from '../../core/host-array'
import { knownIntegers } from '../dims'
import { aliasCall } from '../movement'
import { reshapedLike } from '../gradient'
import { defineOperator, EXACT, differentiable, type InferContext, type NodeView } from '../op'
import { normalizeAxes, type Dims } from '../shapes'

type None = Record<never, never>

/** With axes of size 1 at the given places of the result. */
function unsqueezed<T extends Dims[number]>(
  context: Pick<NodeView<None>, 'fail'>,
  shape: readonly T[],
  axes: readonly number[],
): readonly (T | 1)[] {
  const rank = shape.length + axes.length
  const made = normalizeAxes(context, axes, rank)
  let next = 0
  return Array.from({ length: rank }, (_, axis) => (made.includes(axis) ? 1 : (shape[next++] as T)))
}

function inferShape(context: InferContext<None>): Dims | undefined {
  const shape = context.shape(0)
  const axes = knownIntegers(context, 1)
  if (shape && axes) return unsqueezed(context, shape, axes)
  const count = context.shape(1)?.[0]
  return shape && typeof count === 'number' ? new Array<null>(shape.length + count).fill(null) : undefined
}

/** Adds axes of size 1. */
export const unsqueeze = defineOperator({
  name: 'Unsqueeze',
  domain: '',
  attributes: {},
  inputs: [2, 2],
  infer: (context) => [{ dtype: context.dtype(0), shape: inferShape(context) }],
  inferDims: (context) => (context.shape(0)?.length === 0 ? context.dims(0) : undefined),
  reference: (context, x, axes) => [{ ...x!, shape: unsqueezed(context, x!.shape, integersOf(axes!)) }],
  gradient: differentiable((context) => [reshapedLike(context, context.gradient(0)!, context.input(0))]),
  lower: (context) => [aliasCall(context.input(0), context.output(0))],
  tolerance: EXACT,
})
