/** QuantizeLinear and DequantizeLinear as kernel calls, naively. Not part of the product. */
import type { Operand, QuantizeCall } from '../backends/kernel-calls'
import { bitsOf } from '../core/dtypes'
import { numbersOf, roundTo, type HostArray } from '../core/host-array'
import { decodeMinifloat, encodeMinifloat, isMinifloat } from '../core/minifloat'
import { roundHalfEven } from '../core/tensor'

export function quantize(call: QuantizeCall, arrayOf: (operand: Operand) => HostArray, output: HostArray): void {
  const [input, scale] = [call.input, call.scale].map((one) => numbersOf(arrayOf(one)))
  const zeroPoint = call.zeroPoint && numbersOf(arrayOf(call.zeroPoint))
  for (let i = 0; i < output.values.length; i++) {
    const s = scaleOf(i, call)
    const [x, step, zero] = [input![i] as number, scale![s] as number, zeroPoint?.[s] ?? 0]
    output.values[i] = call.kernel === 'quantizeLinear' ? quantized(call, x / step, zero) : Math.fround(x - zero) * step
  }
}

function scaleOf(i: number, { channels, inner, block }: QuantizeCall): number {
  const channel = Math.floor(i / inner) % channels
  if (block === undefined) return channel
  const outer = Math.floor(i / (inner * channels))
  return (outer * Math.ceil(channels / block) + Math.floor(channel / block)) * inner + (i % inner)
}

function quantized({ output, precision, saturates }: QuantizeCall, quotient: number, zero: number): number {
  const { dtype } = output
  const rounded = precision ? roundTo(precision, Math.fround(quotient)) : Math.fround(quotient)
  if (isMinifloat(dtype)) return decodeMinifloat(dtype, encodeMinifloat(dtype, rounded + zero, saturates))
  if (Number.isNaN(rounded)) return 0
  const bits = bitsOf(dtype) as number
  const low = dtype.startsWith('uint') ? 0 : -(2 ** (bits - 1))
  return Math.min(low + 2 ** bits - 1, Math.max(low, roundHalfEven(rounded) + zero))
}
