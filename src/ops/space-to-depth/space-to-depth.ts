import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { copyOrAlias, moveElements, transposeMove } from '../movement'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { mapDim } from '../shapes'

const attributes = { blocksize: int() }

function moveOf({ attributes: { blocksize: b } }: NodeView<typeof attributes>, shape: readonly number[]) {
  const [n, c, h, w] = shape as [number, number, number, number]
  return transposeMove([n, c, h / b, b, w / b, b], [0, 3, 5, 1, 2, 4])
}

/** Blocks of pixels become channels: [n, c, h, w] → [n, c·b², h / b, w / b]. */
export const spaceToDepth = defineOperator({
  name: 'SpaceToDepth',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    const { blocksize: b } = context.attributes
    const shape = context.shape(0)
    if (b < 1) context.fail(`the block size ${b} must be at least 1`)
    if (!shape) return [{ dtype: context.dtype(0), shape: [null, null, null, null] }]
    if (shape.length !== 4) context.fail(`the input must have 4 axes, not ${shape.length}`)
    const [n, c, h, w] = shape
    const odd = [h, w].find((size) => typeof size === 'number' && size % b !== 0)
    if (odd !== undefined) context.fail(`the size ${odd} cannot be cut into blocks of ${b}`)
    const divide = (size: number) => size / b
    const known = [n!, mapDim(c!, (size) => size * b * b), mapDim(h!, divide), mapDim(w!, divide)]
    return [{ dtype: context.dtype(0), shape: b === 1 ? shape : known }]
  },
  reference(context, x) {
    const { blocksize: b } = context.attributes
    const [n, c, h, w] = x!.shape as readonly [number, number, number, number]
    const result = context.empty(x!.dtype, [n, c * b * b, h / b, w / b])
    moveElements(x!, result, moveOf(context, x!.shape))
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, attributes: { blocksize }, gradient }) => [
    write.add('DepthToSpace', [gradient(0)], [attribute.int('blocksize', blocksize)]),
  ]),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    return [copyOrAlias(input, output, moveOf(context, input.shape))]
  },
  tolerance: EXACT,
})
