import { hostArray } from '../../core/host-array'
import type { KernelCall } from '../../backends/kernel-calls'
import { dtype, int, optional } from '../attributes'
import { copyCall, moveElements, type Move } from '../movement'
import { defineOperator, EXACT, ZERO_DERIVATIVE } from '../op'

/** The diagonal that lies k columns to the right, written from a single 1. */
function moveOf([rows, columns]: readonly number[], k: number): Move | undefined {
  const [row, column] = [Math.max(0, -k), Math.max(0, k)]
  const count = Math.min(rows! - row, columns! - column)
  const outputStrides = [columns! + 1]
  return count > 0
    ? { sizes: [count], inputStrides: [0], inputOffset: 0, outputStrides, outputOffset: row * columns! + column }
    : undefined
}

/** A matrix of the input's sizes: 1 on a diagonal, else 0. */
export const eyeLike = defineOperator({
  name: 'EyeLike',
  domain: '',
  attributes: { dtype: optional(dtype()), k: int(0) },
  inputs: [1, 1],
  infer(context) {
    const shape = context.shape(0)
    if (shape && shape.length !== 2) context.fail(`the input must be a matrix, not of ${shape.length} axes`)
    return [{ dtype: context.attributes.dtype ?? context.dtype(0), shape: shape ?? [null, null] }]
  },
  reference(context, x) {
    const result = context.empty(context.attributes.dtype ?? x!.dtype, x!.shape)
    const move = moveOf(x!.shape, context.attributes.k)
    if (move) moveElements(hostArray(result.dtype, [1], [1]), result, move)
    return [result]
  },
  gradient: ZERO_DERIVATIVE,
  lower(context) {
    const output = context.output(0)
    const fill: KernelCall = { kernel: 'fill', output, value: 0 }
    const move = moveOf(output.shape, context.attributes.k)
    return move ? [fill, copyCall(context.store(hostArray(output.dtype, [1], [1])), output, move)] : [fill]
  },
  tolerance: EXACT,
})
