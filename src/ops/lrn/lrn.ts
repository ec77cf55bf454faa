import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator, FLOAT32, notYetDifferentiable, onHost } from '../op'

/**
 * y = x / (bias + alpha / size · Σ x²)^beta, the sum over `size` neighbouring channels (ONNX LRN-13; Krizhevsky et al.
 * 2012, section 3.3).
 */
export const lrn = defineOperator({
  name: 'LRN',
  domain: '',
  attributes: { alpha: a.float(0.0001), beta: a.float(0.75), bias: a.float(1), size: a.int() },
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    if ((context.shape(0)?.length ?? 2) < 2) context.fail('the input must be [N, C, …]')
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
  gradient: notYetDifferentiable,
  lower: onHost('no kernel sums over neighbouring channels'),
  tolerance: FLOAT32,
})
