import { attribute } from '../../graph/model'
import { ints, optional } from '../attributes'
import { copyOrAlias, moveElements, transposeMove } from '../movement'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'

const attributes = { perm: optional(ints()) }

/** Input axis of each output axis; default: backwards. */
function orderOf(context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>, rank: number): number[] {
  const { perm } = context.attributes
  if (!perm) return Array.from({ length: rank }, (_, axis) => rank - 1 - axis)
  const isPermutation = perm.length === rank && perm.every((_, axis) => perm.includes(axis))
  if (!isPermutation) context.fail(`perm [${perm.join(', ')}] must name each of the ${rank} axes once`)
  return [...perm]
}

/** y[i_perm0, i_perm1, …] = x[i_0, i_1, …]. */
export const transpose = defineOperator({
  name: 'Transpose',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    const shape = context.shape(0)
    return [{ dtype: context.dtype(0), shape: shape && orderOf(context, shape.length).map((axis) => shape[axis]!) }]
  },
  reference(context, x) {
    const move = transposeMove(x!.shape, orderOf(context, x!.shape.length))
    const result = context.empty(x!.dtype, move.sizes)
    moveElements(x!, result, move)
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ attributes: { perm }, write, gradient }) => {
    // back: where each axis went
    const back =
      perm &&
      attribute.ints(
        'perm',
        perm.map((_, axis) => perm.indexOf(axis)),
      )
    return [write.add('Transpose', [gradient(0)], [back])]
  }),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    return [copyOrAlias(input, output, transposeMove(input.shape, orderOf(context, input.shape.length)))]
  },
  tolerance: EXACT,
})
