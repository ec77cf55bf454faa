import type { QuantizeCall } from '../../backends/kernel-calls'
import { bitsOf, type KnownDType } from '../../core/dtypes'
import { isFloat, numbersOf, roundTo, type HostArray } from '../../core/host-array'
import { decodeMinifloat, encodeMinifloat, isMinifloat } from '../../core/minifloat'
import { roundHalfEven } from '../../core/tensor'
import { dtype, flag, int, optional } from '../attributes'
import { isOfKind, requireKind } from '../dtype-kinds'
import { defineOperator, EXACT, notDifferentiable } from '../op'
import { channelsOf, checkScale, forEachScale, given, granularityOf, roundedInput } from '../quantization'

/** Type of the division x / scale: `precision`, else that of the scale; float8e8m0 and integers divide in float32. */
function precisionOf(precision: KnownDType | undefined, scale: KnownDType): KnownDType {
  const wanted = given(precision) ?? scale
  return isFloat(wanted) && wanted !== 'float8e8m0' ? wanted : 'float32'
}

/** How a quotient becomes an element of `to`, its zero point added. */
function quantizer(to: KnownDType, saturates: boolean): (quotient: number, zero: number) => number {
  if (isMinifloat(to)) return (quotient, zero) => decodeMinifloat(to, encodeMinifloat(to, quotient + zero, saturates))
  const bits = bitsOf(to) as number
  const low = to.startsWith('uint') ? 0 : -(2 ** (bits - 1))
  const high = low + 2 ** bits - 1
  return (quotient, zero) => {
    const whole = roundHalfEven(quotient) + zero
    return Number.isNaN(whole) ? 0 : Math.min(high, Math.max(low, whole))
  }
}

/**
 * y = saturate(round(x / scale) + zero point), ties to even. scale: a scalar, [C] along `axis`, or one per `block_size`
 * elements along `axis`. Float8 and float4 round the quotient to their values. NaN becomes 0 as in onnxruntime.
 */
export const quantizeLinear = defineOperator({
  name: 'QuantizeLinear',
  domain: '',
  attributes: {
    axis: int(1),
    block_size: int(0),
    output_dtype: optional(dtype()),
    precision: optional(dtype()),
    saturate: flag(true),
  },
  inputs: [2, 3],
  infer(context) {
    const { output_dtype } = context.attributes
    requireKind(context, 0, 'number')
    const zero = context.has(2) ? context.dtype(2) : undefined
    if (zero && given(output_dtype) && zero !== output_dtype)
      context.fail(`output_dtype is ${output_dtype}, and the zero point is ${zero}`)
    const output = zero ?? given(output_dtype) ?? 'uint8'
    if (!isMinifloat(output) && !(isOfKind('integer', output) && (bitsOf(output) as number) <= 16))
      context.refuse(`results of type ${output}`)
    checkScale(context, context.attributes)
    return [{ dtype: output, shape: context.shape(0) }]
  },
  reference(context, x, scale, zeroPoint) {
    const { attributes } = context
    const to = zeroPoint?.dtype ?? given(attributes.output_dtype) ?? 'uint8'
    const result = context.empty(to, x!.shape)
    const precision = precisionOf(attributes.precision, scale!.dtype)
    const [numbers, scales, zeros] = [x!, scale!, zeroPoint].map((one?: HostArray) => one && numbersOf(one))
    const quantized = quantizer(to, attributes.saturate)
    const round = (value: number) => roundTo(precision, value)
    forEachScale(x!.shape, granularityOf(x!.shape, scale!.shape, attributes), (i, s) => {
      const quotient = round(round(numbers![i]!) / round(scales![s]!))
      result.values[i] = quantized(quotient, zeros?.[s] ?? 0)
    })
    return [result]
  },
  gradient: notDifferentiable('a step function; training goes around it'),
  lower(context) {
    const { attributes } = context
    const wide = precisionOf(attributes.precision, context.dtype(1))
    if (wide !== 'float32' && wide !== 'float16' && wide !== 'bfloat16') return null
    const precision = wide === 'float32' ? undefined : wide
    const [input, scale] = [roundedInput(context, 0, precision), roundedInput(context, 1, precision)]
    const output = context.output(0)
    const channels = channelsOf(
      input.operand.shape,
      granularityOf(input.operand.shape, scale.operand.shape, attributes),
    )
    const call: QuantizeCall = {
      ...{ kernel: 'quantizeLinear' as const, input: input.operand, scale: scale.operand, output, ...channels },
      ...(context.has(2) && { zeroPoint: context.input(2) }),
      ...(precision && { precision }),
      ...(isMinifloat(output.dtype) && !attributes.saturate && { saturates: false }),
    }
    return [...input.calls, ...scale.calls, call]
  },
  tolerance: EXACT,
})
