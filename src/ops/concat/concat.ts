import { elementCount } from '../../core/dtypes'
import { attribute, type Dim } from '../../graph/model'
import { int } from '../attributes'
import { addDims, sizesOf } from '../dims'
import { aliasCall, boxMove, copyCall, moveElements, type Move } from '../movement'
import { sizeAlong } from '../gradient'
import { defineOperator, EXACT, differentiable, type InferContext, type NodeView } from '../op'
import { mergeDims, normalizeAxis, type Dims } from '../shapes'

const attributes = { axis: int() }

function inferShape(context: InferContext<typeof attributes>): Dims | undefined {
  const shapes = Array.from({ length: context.inputCount }, (_, i) => context.shape(i))
  const known = shapes.filter((shape) => shape !== undefined)
  const first = known[0]
  if (!first) return undefined
  const axis = normalizeAxis(context, context.attributes.axis, first.length)
  const result: Dim[] = [...first]
  for (const shape of known.slice(1)) {
    if (shape.length !== first.length) context.fail(`the ranks ${first.length} and ${shape.length} differ`)
    shape.forEach((dim, i) => {
      const merged = i === axis ? addDims(result[i]!, dim) : mergeDims(result[i]!, dim)
      if (merged === undefined) context.fail(`the sizes ${result[i]} and ${dim} of axis ${i} differ`)
      result[i] = merged
    })
  }
  if (known.length < shapes.length) result[axis] = null
  return result
}

/** Where each input lies in the output. */
function movesOf(
  context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>,
  shapes: readonly (readonly number[])[],
  target: readonly number[],
): Move[] {
  const axis = normalizeAxis(context, context.attributes.axis, target.length)
  let at = 0
  return shapes.map((shape) => {
    const zeros = shape.map(() => 0)
    const move = boxMove(shape, { shape, starts: zeros }, { shape: target, starts: zeros.with(axis, at) })
    at += shape[axis] as number
    return move
  })
}

/** The inputs one after the other along an axis. */
export const concat = defineOperator({
  name: 'Concat',
  domain: '',
  attributes,
  inputs: [1, Infinity],
  infer(context) {
    const dtype = context.dtype(0)
    for (let i = 1; i < context.inputCount; i++) {
      if (context.dtype(i) !== dtype)
        context.fail(`all inputs must have one type, not ${dtype} and ${context.dtype(i)}`)
    }
    return [{ dtype, shape: inferShape(context) }]
  },
  inferDims(context) {
    const parts = Array.from({ length: context.inputCount }, (_, i) =>
      context.shape(i)?.length === 1 ? sizesOf(context, i) : undefined,
    )
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined
  },
  reference(context, ...inputs) {
    const arrays = inputs.map((input) => input!)
    const axis = normalizeAxis(context, context.attributes.axis, arrays[0]!.shape.length)
    const total = arrays.reduce((sum, { shape }) => sum + (shape[axis] as number), 0)
    const result = context.empty(arrays[0]!.dtype, arrays[0]!.shape.with(axis, total))
    const shapes = arrays.map(({ shape }) => shape)
    movesOf(context, shapes, result.shape).forEach((move, i) => moveElements(arrays[i]!, result, move))
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write, inputCount } = context
    const axis = attribute.int('axis', context.attributes.axis)
    const inputs = Array.from({ length: inputCount }, (_, i) => context.input(i))
    const sizes = inputs.map((input) => sizeAlong(context, input, context.attributes.axis))
    const parts = write.add('Concat', sizes, [attribute.int('axis', 0)])
    return write.addMany('Split', [context.gradient(0), parts], inputCount, [axis])
  }),
  lower(context) {
    const inputs = Array.from({ length: context.inputCount }, (_, i) => context.input(i))
    const output = context.output(0)
    const shapes = inputs.map(({ shape }) => shape)
    if (inputs.length === 1) return [aliasCall(inputs[0]!, output)]
    return movesOf(context, shapes, output.shape).flatMap((move, i) =>
      elementCount(shapes[i]!) === 0 ? [] : [copyCall(inputs[i]!, output, move)],
    )
  },
  tolerance: EXACT,
})
