import { isFloat, numbersOf, type HostArray } from '../../core/host-array'
import type { KnownDType } from '../../core/dtypes'
import { dtype, int, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { scaleGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { channelsOf, checkScale, forEachScale, given, granularityOf, roundedInput } from '../quantization'

/** `wanted`, else that of the scale; a scale of powers of two gives float32. */
function outputOf(wanted: KnownDType | undefined, scale: KnownDType): KnownDType {
  return given(wanted) ?? (scale === 'float8e8m0' ? 'float32' : scale)
}

const attributes = { axis: int(1), block_size: int(0), output_dtype: optional(dtype()) }

/**
 * y = (x − zero point) · scale. scale: a scalar, [C] along `axis`, or one per `block_size` elements along `axis`; the zero
 * point has its shape and the type of x.
 */
export const dequantizeLinear = defineOperator({
  name: 'DequantizeLinear',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    requireKind(context, 0, 'number')
    requireKind(context, 1, 'float')
    if (context.has(2) && context.dtype(2) !== context.dtype(0))
      context.fail(`the zero point must have the type of x, ${context.dtype(0)}, not ${context.dtype(2)}`)
    const output = outputOf(context.attributes.output_dtype, context.dtype(1))
    if (!isFloat(output)) context.refuse(`results of type ${output}`)
    checkScale(context, context.attributes)
    return [{ dtype: output, shape: context.shape(0) }]
  },
  reference(context, x, scale, zeroPoint) {
    const result = context.empty(outputOf(context.attributes.output_dtype, scale!.dtype), x!.shape)
    const [numbers, scales, zeros] = [x!, scale!, zeroPoint].map((one?: HostArray) => one && numbersOf(one))
    forEachScale(x!.shape, granularityOf(x!.shape, scale!.shape, context.attributes), (i, s) => {
      // differences of int32 are rounded to float32 before they are scaled, as everywhere
      result.values[i] = Math.fround(numbers![i]! - (zeros?.[s] ?? 0)) * scales![s]!
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>(scaleGradient),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const scale = roundedInput(context, 1)
    const channels = channelsOf(input.shape, granularityOf(input.shape, scale.operand.shape, context.attributes))
    const zero = context.has(2) && { zeroPoint: context.input(2) }
    return [...scale.calls, { kernel: 'dequantizeLinear', input, scale: scale.operand, ...zero, output, ...channels }]
  },
  tolerance: FLOAT32,
})
