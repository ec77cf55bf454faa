import { integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { multiplyDims, sizesOf } from '../dims'
import { copyOrAlias, moveElements, type Move } from '../movement'
import { shapeOf, sizeAlong } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'
import { stridesOf } from '../shapes'

/** Every axis becomes two: which repetition, and where in it. */
function moveOf(shape: readonly number[], target: readonly number[]): Move {
  const [own, made] = [stridesOf(shape), stridesOf(target)]
  const counts = shape.map((size, axis) => (size === 0 ? 0 : (target[axis] as number) / size))
  return {
    sizes: shape.flatMap((size, axis) => [counts[axis] as number, size]),
    inputStrides: own.flatMap((stride) => [0, stride]),
    inputOffset: 0,
    outputStrides: made.flatMap((stride, axis) => [stride * (shape[axis] as number), stride]),
    outputOffset: 0,
  }
}

/** Repeats an array `repeats[axis]` times along each axis. */
export const tile = defineOperator({
  name: 'Tile',
  domain: '',
  attributes: {},
  inputs: [2, 2],
  infer(context) {
    const shape = context.shape(0)
    const count = context.shape(1)?.[0]
    if (shape && typeof count === 'number' && count !== shape.length) {
      context.fail(`${count} repeats are given for ${shape.length} axes`)
    }
    const repeats = sizesOf(context, 1)
    if (repeats?.some((times) => typeof times === 'number' && times < 0)) {
      context.fail(`the repeats [${repeats.join(', ')}] may not be negative`)
    }
    const known = shape?.map((dim, axis) => multiplyDims(dim, repeats?.[axis] ?? null))
    return [{ dtype: context.dtype(0), shape: known }]
  },
  reference(context, x, repeats) {
    const times = integersOf(repeats!)
    const target = x!.shape.map((size, axis) => size * (times[axis] as number))
    const result = context.empty(x!.dtype, target)
    moveElements(x!, result, moveOf(x!.shape, target))
    return [result]
  },
  gradient: differentiable((context) => {
    const { write } = context
    const [x, dy] = [context.input(0), context.gradient(0)!]
    const axes = shapeOf(context, x).map((_, axis) => axis)
    // every axis as two: which repetition, and where in it
    const pairs = axes.flatMap((axis) => [
      write.add('Gather', [context.input(1), write.integers([axis])]),
      sizeAlong(context, x, axis),
    ])
    if (pairs.length === 0) return [dy]
    const parts = write.add('Reshape', [dy, write.add('Concat', pairs, [attribute.int('axis', 0)])])
    const repeats = write.integers(axes.map((axis) => 2 * axis))
    return [write.add('ReduceSum', [parts, repeats], [attribute.int('keepdims', 0)])]
  }),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    return [copyOrAlias(input, output, moveOf(input.shape, output.shape))]
  },
  tolerance: EXACT,
})
