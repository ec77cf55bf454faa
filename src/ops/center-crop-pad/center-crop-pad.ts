import type { KernelCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { integersOf } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import { ints, optional } from '../attributes'
import { sizesOf } from '../dims'
import { boxMove, copyCall, moveElements, type Move } from '../movement'
import { defineOperator, EXACT, differentiable, type NodeView } from '../op'
import { normalizeAxes, normalizeAxis } from '../shapes'

const attributes = { axes: optional(ints()) }

/** The sizes with those of the named axes replaced. */
function targetOf<T extends Dim>(
  context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>,
  shape: readonly T[],
  wanted: readonly T[],
): readonly T[] {
  const { axes } = context.attributes
  if (axes) normalizeAxes(context, axes, shape.length)
  const count = axes?.length ?? shape.length
  if (wanted.length !== count) context.fail(`${wanted.length} sizes are given for ${count} axes`)
  const negative = wanted.find((size) => typeof size === 'number' && size < 0)
  if (negative !== undefined) context.fail(`the size ${negative} is negative`)
  const result = [...shape]
  wanted.forEach((size, i) => (result[axes ? normalizeAxis(context, axes[i]!, shape.length) : i] = size))
  return result
}

/** The middle of the input to the middle of the output; where it is not even, the first half is the smaller. */
function moveOf(shape: readonly number[], target: readonly number[]): Move {
  const half = (more: number, less: number) => Math.max(0, Math.floor((more - less) / 2))
  const starts = shape.map((size, axis) => half(size, target[axis]!))
  const outputStarts = shape.map((size, axis) => half(target[axis]!, size))
  const sizes = shape.map((size, axis) => Math.min(size, target[axis]!))
  return boxMove(sizes, { shape, starts }, { shape: target, starts: outputStarts })
}

/** Cuts axes to wanted sizes around their middle, or pads them with zeros on both sides. */
export const centerCropPad = defineOperator({
  name: 'CenterCropPad',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    const [shape, wanted] = [context.shape(0), sizesOf(context, 1)]
    const open = shape?.map(() => null)
    return [{ dtype: context.dtype(0), shape: shape && wanted ? targetOf(context, shape, wanted) : open }]
  },
  reference(context, x, wanted) {
    const result = context.empty(x!.dtype, targetOf(context, x!.shape, integersOf(wanted!)))
    moveElements(x!, result, moveOf(x!.shape, result.shape))
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const { axes } = context.attributes
    const sizes = write.add('Shape', [context.input(0)])
    const wanted = axes ? write.add('Gather', [sizes, write.integers(axes)]) : sizes
    return [write.add('CenterCropPad', [context.gradient(0), wanted], [axes && attribute.ints('axes', axes)])]
  }),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const fill: KernelCall = { kernel: 'fill', output, value: 0 }
    const move = moveOf(input.shape, output.shape)
    const isAll = elementCount(move.sizes) === elementCount(output.shape)
    return isAll ? [copyCall(input, output, move)] : [fill, copyCall(input, output, move)]
  },
  tolerance: EXACT,
})
