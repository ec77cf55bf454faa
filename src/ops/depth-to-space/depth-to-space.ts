import { attribute } from '../../graph/model'
import { choice, int } from '../attributes'
import { copyOrAlias, moveElements, transposeMove } from '../movement'
import { reshapedLike, sizeAlong } from '../gradient'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { mapDim } from '../shapes'

const attributes = { blocksize: int(), mode: choice(['DCR', 'CRD'], 'DCR') }

function moveOf({ attributes: { blocksize: b, mode } }: NodeView<typeof attributes>, shape: readonly number[]) {
  const [n, c, h, w] = shape as [number, number, number, number]
  const depth = c / (b * b)
  return mode === 'DCR'
    ? transposeMove([n, b, b, depth, h, w], [0, 3, 4, 1, 5, 2])
    : transposeMove([n, depth, b, b, h, w], [0, 1, 4, 2, 5, 3])
}

/** Blocks of channels become blocks of pixels: [n, c, h, w] → [n, c / b², h·b, w·b]. */
export const depthToSpace = defineOperator({
  name: 'DepthToSpace',
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
    if (typeof c === 'number' && c % (b * b) !== 0) context.fail(`${c} channels cannot be cut into blocks of ${b * b}`)
    const scale = (size: number) => size * b
    const known = [n!, mapDim(c!, (size) => size / (b * b)), mapDim(h!, scale), mapDim(w!, scale)]
    return [{ dtype: context.dtype(0), shape: b === 1 ? shape : known }]
  },
  reference(context, x) {
    const { blocksize: b } = context.attributes
    const [n, c, h, w] = x!.shape as readonly [number, number, number, number]
    const result = context.empty(x!.dtype, [n, c / (b * b), h * b, w * b])
    moveElements(x!, result, moveOf(context, x!.shape))
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { blocksize: b, mode } = context.attributes
    const [x, dy, { write }] = [context.input(0), context.gradient(0)!, context]
    if (mode === 'DCR') return [write.add('SpaceToDepth', [dy], [attribute.int('blocksize', b)])]
    const [n, block] = [sizeAlong(context, x, 0), write.integers([b])]
    const [h, w] = [sizeAlong(context, x, 2), sizeAlong(context, x, 3)]
    const shape = write.add('Concat', [n, write.integers([-1]), h, block, w, block], [attribute.int('axis', 0)])
    const parts = write.add('Reshape', [dy, shape])
    const turned = write.add('Transpose', [parts], [attribute.ints('perm', [0, 1, 3, 5, 2, 4])])
    return [reshapedLike(context, turned, x)]
  }),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    return [copyOrAlias(input, output, moveOf(context, input.shape))]
  },
  tolerance: EXACT,
})
