import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { momentsOf } from '../normalization'
import { gradientsOfGroups } from '../normalization-gradients'
import { defineOperator, differentiable, FLOAT32 } from '../op'

const attributes = { epsilon: a.float(1e-5), num_groups: a.int(), stash_type: a.dtype('float32') }

/** y = (x − mean) / √(variance + ε) · scale + bias, the moments of each group of channels (ONNX GroupNormalization-21; arXiv:1803.08494). */
export const groupNormalization = defineOperator({
  name: 'GroupNormalization',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    const { num_groups } = context.attributes
    if (x && x.length < 2) context.fail('the input must be [N, C, …]')
    if (num_groups < 1 || (typeof x?.[1] === 'number' && x[1] % num_groups !== 0)) {
      context.fail(`${x?.[1]} channels cannot form ${num_groups} groups`)
    }
    for (const input of [1, 2]) {
      const shape = context.shape(input)
      const isOdd = typeof shape?.[0] === 'number' && typeof x?.[1] === 'number' && shape[0] !== x[1]
      if (shape && (shape.length !== 1 || isOdd)) context.fail('scale and bias must have one entry per channel')
    }
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x, scale, bias) {
    const { num_groups: groups, epsilon } = context.attributes
    const [values, factors, offsets] = [numbersOf(x!), numbersOf(scale!), numbersOf(bias!)]
    const channels = x!.shape[1] as number
    const plane = elementCount(x!.shape.slice(2))
    const size = (channels / groups) * plane
    const result = context.empty(x!.dtype, x!.shape)
    for (let row = 0; row * size < values.length; row++) {
      const { mean, variance } = momentsOf(values, row * size, size)
      const factor = 1 / Math.sqrt(variance + epsilon)
      for (let i = row * size; i < (row + 1) * size; i++) {
        const c = Math.floor(i / plane) % channels
        result.values[i] = ((values[i] as number) - mean) * factor * (factors[c] as number) + (offsets[c] as number)
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { epsilon, num_groups: groups } = context.attributes
    const { write } = context
    const rows = write.integers([0, groups, -1])
    return gradientsOfGroups(context, (value) => write.add('Reshape', [value, rows]), epsilon)
  }),
  lower(context) {
    const [input, scale, bias] = [context.input(0), context.input(1), context.input(2)]
    if ([input, scale, bias].some(({ dtype }) => dtype !== 'float32')) return null
    const { num_groups: groups, epsilon } = context.attributes
    const [batch, channels] = input.shape as [number, number]
    const spread = elementCount(input.shape.slice(2))
    const size = (channels / groups) * spread
    if (size === 0) return null
    const affine = { by: 'channel', channels, spread } as const
    return [
      {
        kernel: 'normalize',
        type: 'layer',
        input,
        output: context.output(0),
        scale,
        bias,
        rows: batch * groups,
        size,
        epsilon,
        affine,
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
