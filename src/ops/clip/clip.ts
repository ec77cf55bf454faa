import type { Expression, Operand } from '../../backends/kernel-calls'
import type { KnownDType } from '../../core/dtypes'
import { isBig, isFloat, type HostArray } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor, mapElements, mapOf } from '../elementwise'
import { sumTo } from '../gradient'
import { defineOperator, EXACT, differentiable, type LowerContext } from '../op'

/** Limits that are left out: the largest finite number of the type, so infinities are clipped too. */
const LARGEST: Partial<Record<KnownDType, number>> = {
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
}
const largestOf = (dtype: KnownDType) => LARGEST[dtype] ?? Infinity

const limitOf = (context: LowerContext<Record<never, never>>, input: number, absent: number): number | undefined => {
  if (!context.has(input)) return absent
  const value = context.constant(input)?.values[0]
  return value === undefined ? undefined : Number(value)
}

/** y = min(max(x, low), high), so `high` wins where the limits are crossed; both are scalars and may be left out. */
export const clip = defineOperator({
  name: 'Clip',
  domain: '',
  attributes: {},
  inputs: [1, 3],
  infer(context) {
    requireKind(context, 0, 'number')
    for (const input of [1, 2]) {
      if (!context.has(input)) continue
      if (context.dtype(input) !== context.dtype(0))
        context.fail(`the limits must have the type of x, ${context.dtype(0)}, not ${context.dtype(input)}`)
      const shape = context.shape(input)
      if (shape && shape.some((dim) => typeof dim === 'number' && dim !== 1)) context.fail('the limits must be scalars')
    }
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x, low, high) {
    const result = context.empty(x!.dtype, x!.shape)
    const limit = (array: HostArray | undefined) => array?.values[0]
    const [least, most] = [limit(low), limit(high)]
    if (isBig(x!.dtype)) {
      const clipped = (value: bigint) => {
        const raised = least !== undefined && value < least ? (least as bigint) : value
        return most !== undefined && raised > most ? (most as bigint) : raised
      }
      mapElements(context, [x!], result, Number, (value) => clipped(value as bigint))
      return [result]
    }
    const from = Number(least ?? -largestOf(x!.dtype))
    const to = Number(most ?? largestOf(x!.dtype))
    mapElements(context, [x!], result, (value) => Math.min(Math.max(value as number, from), to))
    return [result]
  },
  gradient: differentiable((context) => {
    const [x, dy] = [context.input(0), context.gradient(0)!]
    const f = formulaFor(context, x)
    const [low, high] = [1, 2].map((input) => (context.has(input) ? context.input(input) : undefined))
    const isLow = low && f.less(x, low)
    const isHigh = high && f.greater(low ? f.of('Max', x, low) : x, high)
    const below = isHigh ? f.where(isHigh, 0, dy) : dy
    return [
      isLow ? f.where(isLow, 0, below) : below,
      isLow && context.needs(1) ? sumTo(context, f.where(isLow, below, 0), low) : undefined,
      isHigh && context.needs(2) ? sumTo(context, f.where(isHigh, dy, 0), high) : undefined,
    ]
  }),
  lower(context) {
    const inputs: Operand[] = [context.input(0)]
    const isOfFloats = isFloat(context.input(0).dtype)
    const largest = largestOf('float32')
    const clipped = (name: 'min' | 'max', x: Expression, input: number, absent: number): Expression => {
      if (context.has(input)) return binary(name, x, { input: inputs.push(context.input(input)) - 1 })
      return isOfFloats ? binary(name, x, constant(absent)) : x
    }
    const raised = clipped('max', { input: 0 }, 1, -largest)
    const call = mapOf(inputs, context.output(0), clipped('min', raised, 2, largest))
    return call && [call]
  },
  asActivation(context) {
    const largest = largestOf('float32')
    const low = limitOf(context, 1, -largest)
    const high = limitOf(context, 2, largest)
    return low === undefined || high === undefined ? undefined : { type: 'clip', low, high }
  },
  tolerance: EXACT,
})
