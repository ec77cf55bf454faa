import { int } from '../attributes'
import { aliasCall } from '../movement'
import { reshapedLike } from '../gradient'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { product, type Dims } from '../shapes'

const attributes = { axis: int(1) }

function flattened(context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>, shape: Dims): Dims {
  const { axis } = context.attributes
  const rank = shape.length
  // the axis may stand behind the last one: [all, 1]
  if (axis < -rank || axis > rank) context.fail(`axis ${axis} must lie in [${-rank}, ${rank}]`)
  const cut = axis < 0 ? axis + rank : axis
  return [product(shape.slice(0, cut)), product(shape.slice(cut))]
}

/** A matrix: the axes before `axis` become its rows, the others its columns. */
export const flatten = defineOperator({
  name: 'Flatten',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    const shape = context.shape(0)
    return [{ dtype: context.dtype(0), shape: shape ? flattened(context, shape) : [null, null] }]
  },
  reference: (context, x) => [{ ...x!, shape: flattened(context, x!.shape) as readonly number[] }],
  gradient: differentiable((context) => [reshapedLike(context, context.gradient(0)!, context.input(0))]),
  lower: (context) => [aliasCall(context.input(0), context.output(0))],
  tolerance: EXACT,
})
