import type { Expression } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import { roundHalfEven } from '../../core/tensor'
import { binary, constant, select, unary } from '../elementwise'
import { defineOperator, EXACT, notDifferentiable } from '../op'

const STEPS = 255
const clampByte = (value: number) => Math.min(STEPS, Math.max(0, value))

/**
 * Quantizes to uint8 by its own range, widened to hold 0: scale = (high − low) / 255, zero point = round(−low / scale),
 * y = saturate(round(x / scale) + zero point), in float32. All zeros: scale 1.
 */
export const dynamicQuantizeLinear = defineOperator({
  name: 'DynamicQuantizeLinear',
  domain: '',
  attributes: {},
  inputs: [1, 1],
  infer(context) {
    if (context.dtype(0) !== 'float32') context.refuse(`${context.dtype(0)} inputs`)
    return [
      { dtype: 'uint8', shape: context.shape(0) },
      { dtype: 'float32', shape: [] },
      { dtype: 'uint8', shape: [] },
    ]
  },
  reference(context, x) {
    const numbers = Float64Array.from(numbersOf(x!))
    const [y, scale, zeroPoint] = [
      context.empty('uint8', x!.shape),
      context.empty('float32', []),
      context.empty('uint8', []),
    ]
    const low = numbers.reduce((least, value) => Math.min(least, value), 0)
    const high = numbers.reduce((most, value) => Math.max(most, value), 0)
    const step = high === low ? 1 : Math.fround(Math.fround(high - low) / STEPS)
    const zero = clampByte(roundHalfEven(Math.fround(-low / step)))
    scale.values[0] = step
    zeroPoint.values[0] = zero
    numbers.forEach((value, i) => (y.values[i] = clampByte(roundHalfEven(Math.fround(value / step)) + zero)))
    return [y, scale, zeroPoint]
  },
  gradient: notDifferentiable('a step function'),
  lower(context) {
    const input = context.input(0)
    const count = elementCount(input.shape)
    if (count === 0) return null
    const [low, high, zero] = [0, 1, 2].map(() => context.scratch('float32', [])) as [
      typeof input,
      typeof input,
      typeof input,
    ]
    const scale = context.wants(1) ? context.output(1) : context.scratch('float32', [])
    const zeroPoint = context.wants(2) ? context.output(2) : context.scratch('uint8', [])
    const along = { outer: 1, size: count, inner: 1 }
    const least = binary('min', constant(0), { input: 0 })
    const range = binary('sub', binary('max', constant(0), { input: 1 }), least)
    const step: Expression = select(
      binary('equal', range, constant(0)),
      constant(1),
      binary('quotient', range, constant(STEPS)),
    )
    const offset = unary('round', unary('neg', binary('quotient', least, { input: 1 })))
    const clamped = binary('min', constant(STEPS), binary('max', constant(0), offset))
    return [
      { kernel: 'reduce', reduction: 'min', input, output: low, ...along },
      { kernel: 'reduce', reduction: 'max', input, output: high, ...along },
      { kernel: 'map', expression: step, inputs: [low, high], output: scale },
      { kernel: 'map', expression: clamped, inputs: [low, scale], output: zero },
      { kernel: 'cast', input: zero, output: zeroPoint },
      {
        kernel: 'quantizeLinear',
        input,
        scale,
        zeroPoint,
        output: context.output(0),
        outer: 1,
        channels: 1,
        inner: count,
      },
    ]
  },
  tolerance: EXACT,
})
