import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { momentsOf } from '../normalization'
import { gradientsOfGroups } from '../normalization-gradients'
import { defineOperator, differentiable, FLOAT32 } from '../op'

const attributes = { epsilon: a.float(1e-5) }

/** y = (x − mean) / √(variance + ε) · scale + bias, the moments of each channel of each image (ONNX InstanceNormalization-22). */
export const instanceNormalization = defineOperator({
  name: 'InstanceNormalization',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    if (x && x.length < 2) context.fail('the input must be [N, C, …]')
    for (const input of [1, 2]) {
      const shape = context.shape(input)
      const isOdd = typeof shape?.[0] === 'number' && typeof x?.[1] === 'number' && shape[0] !== x[1]
      if (shape && (shape.length !== 1 || isOdd)) context.fail('scale and bias must have one entry per channel')
    }
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x, scale, bias) {
    const [values, factors, offsets] = [numbersOf(x!), numbersOf(scale!), numbersOf(bias!)]
    const channels = x!.shape[1] as number
    const size = elementCount(x!.shape.slice(2))
    const result = context.empty(x!.dtype, x!.shape)
    for (let row = 0; row < values.length / size; row++) {
      const { mean, variance } = momentsOf(values, row * size, size)
      const c = row % channels
      const factor = (factors[c] as number) / Math.sqrt(variance + context.attributes.epsilon)
      for (let i = row * size; i < (row + 1) * size; i++) {
        result.values[i] = ((values[i] as number) - mean) * factor + (offsets[c] as number)
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) =>
    gradientsOfGroups(context, (x) => x, context.attributes.epsilon),
  ),
  lower(context) {
    const input = context.input(0)
    const [scale, bias] = [context.input(1), context.input(2)]
    const size = elementCount(input.shape.slice(2))
    if ([input, scale, bias].some(({ dtype }) => dtype !== 'float32') || size === 0) return null
    const [batch, channels] = input.shape as [number, number]
    const { epsilon } = context.attributes
    const affine = { by: 'channel', channels, spread: size } as const
    return [
      {
        kernel: 'normalize',
        type: 'layer',
        input,
        output: context.output(0),
        scale,
        bias,
        rows: batch * channels,
        size,
        epsilon,
        affine,
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
