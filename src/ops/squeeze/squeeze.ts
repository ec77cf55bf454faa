import { integersOf, type HostArray } from '../../core/host-array'
import { knownIntegers } from '../dims'
import { aliasCall } from '../movement'
import { reshapedLike } from '../gradient'
import { defineOperator, EXACT, differentiable, type InferContext, type NodeView } from '../op'
import { isKnown, normalizeAxes, type Dims } from '../shapes'

type None = Record<never, never>

/** Without the given axes, each of size 1; without a list, all of size 1. */
function squeezed<T extends Dims[number]>(
  context: Pick<NodeView<None>, 'fail'>,
  shape: readonly T[],
  axes: readonly number[] | undefined,
): readonly T[] {
  if (!axes) return shape.filter((dim) => dim !== 1)
  const gone = normalizeAxes(context, axes, shape.length)
  const wrong = gone.find((axis) => typeof shape[axis] === 'number' && shape[axis] !== 1)
  if (wrong !== undefined) context.fail(`axis ${wrong} has the size ${shape[wrong]} and not 1`)
  return shape.filter((_, axis) => !gone.includes(axis))
}

function inferShape(context: InferContext<None>): Dims | undefined {
  const shape = context.shape(0)
  if (!shape) return undefined
  if (!context.has(1)) return isKnown(shape) ? squeezed(context, shape, undefined) : undefined
  const axes = knownIntegers(context, 1)
  if (axes) return squeezed(context, shape, axes)
  const count = context.shape(1)?.[0]
  return typeof count === 'number' ? new Array<null>(Math.max(shape.length - count, 0)).fill(null) : undefined
}

const axesOf = (axes: HostArray | undefined) => axes && integersOf(axes)

/** Drops axes of size 1. */
export const squeeze = defineOperator({
  name: 'Squeeze',
  domain: '',
  attributes: {},
  inputs: [1, 2],
  infer: (context) => [{ dtype: context.dtype(0), shape: inferShape(context) }],
  inferDims: (context) => context.dims(0),
  reference: (context, x, axes) => [{ ...x!, shape: squeezed(context, x!.shape, axesOf(axes)) }],
  gradient: differentiable((context) => [reshapedLike(context, context.gradient(0)!, context.input(0))]),
  lower: (context) => [aliasCall(context.input(0), context.output(0))],
  tolerance: EXACT,
})
