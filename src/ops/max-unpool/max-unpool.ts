import type { KernelCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { integersOf, numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { placeOf } from '../indices'
import { boxMove, copyCall } from '../movement'
import { reshapedLike, shapeOf } from '../gradient'
import { defineOperator, differentiable, EXACT, type NodeView } from '../op'
import { isKnown, mapDim, stridesOf, type Dims } from '../shapes'

const attributes = { kernel_shape: a.ints(), pads: a.optional(a.ints()), strides: a.optional(a.ints()) }

/** Puts each element back where MaxPool found it, zeros elsewhere (ONNX MaxUnpool-22). */
export const maxUnpool = defineOperator({
  name: 'MaxUnpool',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    if (context.dtype(1) !== 'int64') context.fail(`the indices must be int64, not ${context.dtype(1)}`)
    const x = context.shape(0)
    const given = context.has(2) ? context.constant(2) : undefined
    if (given) return [{ dtype: context.dtype(0), shape: integersOf(given) }]
    const shape = x && (context.has(2) ? x.map(() => null) : pooledShape(context, x))
    return [{ dtype: context.dtype(0), shape }]
  },
  reference(context, x, indices, outputShape) {
    const pooled = pooledShape(context, x!.shape) as number[]
    const shape = outputShape ? integersOf(outputShape) : pooled
    const result = context.empty(x!.dtype, shape)
    const [values, places] = [numbersOf(x!), numbersOf(indices!)]
    const [from, to] = [stridesOf(pooled), stridesOf(shape)]
    const count = elementCount(pooled)
    for (let i = 0; i < values.length; i++) {
      const place = placeOf(context, places[i] as number, count)
      // indices count in the shape before pooling, also where a larger one is asked for
      const at = pooled.reduce((sum, size, axis) => sum + (Math.floor(place / from[axis]!) % size) * to[axis]!, 0)
      result.values[at] = values[i] as number
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write, input } = context
    const dy = context.gradient(0) as string
    // indices count in the shape before pooling, also where a larger one is asked for
    const pooled = pooledShape(context, shapeOf(context, input(0))).slice(2)
    if (context.has(2) && !isKnown(pooled)) context.fail('the sizes of its input must be known to differentiate it')
    const lists = [pooled.map(() => 0), pooled as readonly number[], pooled.map((_, axis) => axis + 2)]
    const part = context.has(2) ? write.add('Slice', [dy, ...lists.map((list) => write.integers(list))]) : dy
    const flat = [part, input(1)].map((value) => write.add('Reshape', [value, write.integers([-1])]))
    return [reshapedLike(context, write.add('Gather', flat), input(0))]
  }),
  lower(context) {
    const [updates, indices, output] = [context.input(0), context.input(1), context.output(0)]
    if (context.has(2) && !context.constant(2)) return null
    const pooled = pooledShape(context, updates.shape) as number[]
    const count = elementCount(updates.shape)
    const zeros = context.scratch(updates.dtype, pooled)
    const isLarger = pooled.join() !== output.shape.join()
    const put = isLarger ? context.scratch(updates.dtype, pooled) : output
    const blocks = { sizes: [count], strides: [0], limits: [elementCount(pooled)], steps: [1], block: 1 }
    const calls: KernelCall[] = [
      { kernel: 'fill', output: zeros, value: 0 },
      { kernel: 'scatterBlocks', reduction: 'none', input: zeros, indices, updates, output: put, blocks },
    ]
    if (!isLarger) return calls
    if (output.shape.some((size, axis) => size < pooled[axis]!)) return null
    const starts = pooled.map(() => 0)
    const move = boxMove(pooled, { shape: pooled, starts }, { shape: output.shape, starts })
    return [...calls, { kernel: 'fill', output, value: 0 }, copyCall(put, output, move)]
  },
  tolerance: EXACT,
})

function pooledShape(context: Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>, x: Dims): Dims {
  const { kernel_shape, pads, strides } = context.attributes
  const rank = x.length - 2
  if (kernel_shape.length !== rank)
    context.fail(`kernel_shape has ${kernel_shape.length} entries for ${rank} spatial axes`)
  return x.map((dim, at) => {
    const axis = at - 2
    if (axis < 0) return dim
    const padding = (pads?.[axis] ?? 0) + (pads?.[axis + rank] ?? 0)
    return mapDim(dim, (size) => (size - 1) * (strides?.[axis] ?? 1) + kernel_shape[axis]! - padding)
  })
}
