import type { KernelCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { reshapedLike } from '../gradient'
import { PLUME, spatialAttributes } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { largestOf, poolAttributes, poolWindows, poolWith } from '../pooling'

/**
 * The gradient of MaxPool: every dy goes to the largest element of its window, the first of equals. x [N, C, …input],
 * dy [N, C, …output]; attributes are those of the MaxPool.
 */
export const maxPoolGradient = defineOperator({
  name: 'MaxPoolGradient',
  domain: PLUME,
  attributes: poolAttributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    const [x, dy] = [context.shape(0), context.shape(1)]
    if (x && dy && x.length !== dy.length) context.fail('input and gradient must have one rank')
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x, dy) {
    const axes = poolWindows(context, x!.shape)
    const result = context.empty(x!.dtype, x!.shape)
    const slopes = numbersOf(dy!)
    const size = elementCount(x!.shape.slice(2))
    const unused = context.empty(x!.dtype, dy!.shape)
    poolWith(x!, axes, unused, (found, places, _, target, plane) => {
      const at = plane * size + (places[largestOf(found)] ?? 0)
      result.values[at] = (result.values[at] as number) + (slopes[target] as number)
      return 0
    })
    return [result]
  },
  // piecewise linear: where the largest element stands does not move, so x has no share
  gradient: differentiable((context) => {
    const { write, attributes, needs, input, gradient } = context
    if (!needs(1)) return []
    const [, places] = write.addMany('MaxPool', [input(0)], 2, spatialAttributes(attributes))
    const flat = [gradient(0) as string, places as string].map((value) =>
      write.add('Reshape', [value, write.integers([-1])]),
    )
    return [undefined, reshapedLike(context, write.add('Gather', flat), input(1))]
  }),
  lower(context) {
    const [input, gradient, output] = [context.input(0), context.input(1), context.output(0)]
    const axes = poolWindows(context, input.shape)
    if (input.dtype !== 'float32' || axes.length > 3) return null
    const planes = elementCount(input.shape.slice(0, 2))
    const whole: KernelCall = { kernel: 'maxPoolGradient', input, gradient, output, planes, axes }
    if (context.supports(whole)) return [whole]
    const indices = context.scratch('int64', gradient.shape)
    const zeros = context.scratch('float32', input.shape)
    const blocks = {
      sizes: [elementCount(gradient.shape)],
      strides: [0],
      limits: [elementCount(input.shape)],
      steps: [1],
      block: 1,
    }
    return [
      { kernel: 'argPool', byColumns: false, input, output: indices, planes, axes },
      { kernel: 'fill', output: zeros, value: 0 },
      { kernel: 'scatterBlocks', reduction: 'add', input: zeros, indices, updates: gradient, output, blocks },
    ]
  },
  tolerance: FLOAT32,
})
