/** QuantizeLinear and DequantizeLinear; integers are exact. */
import { deviceLayout } from '../../../core/device-layout'
import { bitsOf, elementCount, type KnownDType } from '../../../core/dtypes'
import { isFloat } from '../../../core/host-array'
import type { QuantizeCall } from '../../kernel-calls'
import type { Dispatch, Kernel, Size, Storage } from '../dispatch'
import { roundedTo, roundingSizes } from './cast'

const MOST_BITS = 16

const scalarOf = (dtype: KnownDType) => deviceLayout(dtype)?.scalar
const isNarrowInteger = (dtype: KnownDType) => !isFloat(dtype) && (bitsOf(dtype) as number) <= MOST_BITS

export const quantizeLinear: Kernel<QuantizeCall> = {
  supports({ input, output, scale, precision }) {
    // one shader rounds to one narrow float
    const isNarrowFloat = isFloat(output.dtype) && output.dtype !== 'float32' && precision === undefined
    const isReadable = scalarOf(input.dtype) === 'f32' || input.dtype === 'int32'
    return (isNarrowInteger(output.dtype) || isNarrowFloat) && isReadable && scalarOf(scale.dtype) === 'f32'
  },
  encode(call) {
    const { output, precision, zeroPoint, saturates = true } = call
    const x = isFloat(call.input.dtype) ? 'x_at(i)' : 'f32(x_at(i))'
    const to = isFloat(output.dtype) ? output.dtype : (precision ?? 'float32')
    const sizes = { ...roundingSizes(to, { to, saturates, rounding: 'nearest' }), ...rangeOf(output.dtype) }
    return [dispatch('quantize-linear', call, isFloat(output.dtype) ? floatResult() : integerResult(), sizes)]

    function floatResult(): string {
      const quotient = `exact_quotient(${x}, scale_at(s))`
      return roundedTo(to, zeroPoint ? `shifted(${quotient}, zero_at(s))` : quotient)
    }

    function integerResult(): string {
      const whole = precision
        ? `whole_of(${roundedTo(precision, `exact_quotient(${x}, scale_at(s))`)})`
        : `whole_quotient(${x}, scale_at(s))`
      return `y_element(saturated(${whole}, ${zeroPoint ? 'i32(zero_at(s))' : '0'}))`
    }
  },
}

export const dequantizeLinear: Kernel<QuantizeCall> = {
  supports: ({ input, output, scale }) =>
    output.dtype === 'float32' &&
    scalarOf(scale.dtype) === 'f32' &&
    (scalarOf(input.dtype) === 'f32' || isNarrowInteger(input.dtype) || input.dtype === 'int32'),
  encode(call) {
    const { input, zeroPoint } = call
    const integer = `f32(i32(x_at(i)) - ${zeroPoint ? 'i32(zero_at(s))' : '0'})`
    const difference = isFloat(input.dtype) ? `(x_at(i) - ${zeroPoint ? 'zero_at(s)' : '0.0'})` : integer
    return [dispatch('dequantize-linear', call, `${difference} * scale_at(s)`, {})]
  },
}

function dispatch(shader: string, call: QuantizeCall, value: string, sizes: Readonly<Record<string, Size>>): Dispatch {
  const { input, scale, zeroPoint, output, channels, inner, block = 0 } = call
  const zero: Storage[] = zeroPoint ? [{ name: 'zero', of: zeroPoint }] : []
  return {
    shader,
    storage: [{ name: 'x', of: input }, { name: 'scale', of: scale }, ...zero, { name: 'y', of: output }],
    sizes: { channels, inner, block, blocks: block === 0 ? 0 : Math.ceil(channels / block), ...sizes },
    slots: { result: `  return ${value};` },
    grid: { invocations: elementCount(output.shape) },
  }
}

function rangeOf(dtype: KnownDType): Readonly<Record<string, Size>> {
  const bits = isFloat(dtype) ? 0 : (bitsOf(dtype) as number)
  const low = scalarOf(dtype) === 'i32' ? -(2 ** (bits - 1)) : 0
  return { low: { i32: low }, high: { i32: low + 2 ** bits - 1 } }
}
