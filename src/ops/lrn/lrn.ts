import type { Expression } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant } from '../elementwise'
import { lrnGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'

const attributes = { alpha: a.float(0.0001), beta: a.float(0.75), bias: a.float(1), size: a.int() }

/**
 * y = x / (bias + alpha / size · Σ x²)^beta, the sum over `size` neighbouring channels (ONNX LRN-13; Krizhevsky et al.
 * 2012, section 3.3).
 */
export const lrn = defineOperator({
  name: 'LRN',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    if ((context.shape(0)?.length ?? 2) < 2) context.fail('the input must be [N, C, …]')
    if (context.attributes.size < 1) context.fail(`size must be positive, not ${context.attributes.size}`)
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x) {
    const { alpha, beta, bias, size } = context.attributes
    const values = numbersOf(x!)
    const [batch, channels] = x!.shape as [number, number]
    const plane = elementCount(x!.shape.slice(2))
    const result = context.empty(x!.dtype, x!.shape)
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
    for (let n = 0; n < batch; n++) {
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < plane; i++) {
          let sum = 0
          for (let k = Math.max(0, c - before); k <= Math.min(channels - 1, c + after); k++) {
            sum += (values[(n * channels + k) * plane + i] as number) ** 2
          }
          const at = (n * channels + c) * plane + i
          result.values[at] = (values[at] as number) / (bias + (alpha / size) * sum) ** beta
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(lrnGradient),
  lower(context) {
    const [x, y] = [context.input(0), context.output(0)]
    if (x.dtype !== 'float32' || elementCount(x.shape) === 0) return null
    const { alpha, beta, bias, size } = context.attributes
    const [batch, channels] = x.shape as [number, number]
    const plane = elementCount(x.shape.slice(2))
    const [squares, means] = [context.scratch('float32', x.shape), context.scratch('float32', x.shape)]
    const [before, after] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
    const x0: Expression = { input: 0 }
    const divisor = binary('add', constant(bias), binary('mul', constant(alpha), { input: 1 }))
    return [
      { kernel: 'map', expression: binary('mul', x0, x0), inputs: [x], output: squares },
      // the sum over neighbours, divided by their number: an average along the channels
      {
        kernel: 'pool',
        type: 'average',
        countsPadding: true,
        padEnds: [after, 0],
        input: squares,
        output: means,
        planes: batch,
        axes: [
          { input: channels, output: channels, kernel: size, stride: 1, dilation: 1, padBegin: before },
          { input: plane, output: plane, kernel: 1, stride: 1, dilation: 1, padBegin: 0 },
        ],
      },
      {
        kernel: 'map',
        expression: binary('div', x0, binary('pow', divisor, constant(beta))),
        inputs: [x, means],
        output: y,
      },
    ]
  },
  tolerance: FLOAT32,
})
