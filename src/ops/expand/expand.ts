import { integersOf } from '../../core/host-array'
import { sizesOf } from '../dims'
import { broadcastShape } from '../elementwise'
import { copyOrAlias, moveElements, type Move } from '../movement'
import { sumTo } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'
import { broadcast, broadcastStrides, stridesOf } from '../shapes'

const moveOf = (shape: readonly number[], target: readonly number[]): Move => ({
  sizes: target,
  inputStrides: broadcastStrides(shape, target),
  inputOffset: 0,
  outputStrides: stridesOf(target),
  outputOffset: 0,
})

/** Repeats axes of size 1 until the array has the wanted sizes; both broadcast, so a wanted 1 keeps the input's size. */
export const expand = defineOperator({
  name: 'Expand',
  domain: '',
  attributes: {},
  inputs: [2, 2],
  infer(context) {
    const found = broadcast([context.shape(0), sizesOf(context, 1)])
    if ('problem' in found) return context.fail(found.problem)
    return [{ dtype: context.dtype(0), shape: found.shape }]
  },
  reference(context, x, wanted) {
    const result = context.empty(x!.dtype, broadcastShape(x!.shape, integersOf(wanted!)))
    moveElements(x!, result, moveOf(x!.shape, result.shape))
    return [result]
  },
  gradient: differentiable((context) => [sumTo(context, context.gradient(0)!, context.input(0))]),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    return [copyOrAlias(input, output, moveOf(input.shape, output.shape))]
  },
  tolerance: EXACT,
})
