import type { Dim } from '../../graph/model'
import { requireKind } from '../dtype-kinds'
import { broadcastShape, formulaFor, mapCall, select } from '../elementwise'
import { sumTo } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'
import { broadcastInputs, broadcastStrides, forEachIndex } from '../shapes'

/** z = x where the condition is true, else y; all three broadcast. */
export const where = defineOperator({
  name: 'Where',
  domain: '',
  attributes: {},
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'bool')
    if (context.dtype(1) !== context.dtype(2))
      context.fail(`both inputs must have one type, not ${context.dtype(1)} and ${context.dtype(2)}`)
    return [{ dtype: context.dtype(1), shape: broadcastInputs(context, [0, 1, 2]) }]
  },
  inferDims(context) {
    const condition = context.constant(0)
    const [x, y] = [context.dims(1), context.dims(2)]
    if (!condition || !x || !y) return undefined
    const count = Math.max(condition.values.length, x.length, y.length)
    const at = (list: ArrayLike<unknown>, i: number) => list[list.length === 1 ? 0 : i]
    return Array.from({ length: count }, (_, i) => at(at(condition.values, i) ? x : y, i) as Dim)
  },
  reference(context, condition, x, y) {
    const inputs = [condition!, x!, y!]
    const result = context.empty(x!.dtype, broadcastShape(...inputs.map(({ shape }) => shape)))
    const strides = inputs.map(({ shape }) => broadcastStrides(shape, result.shape))
    forEachIndex(result.shape, strides, (position, [atCondition, atX, atY]) => {
      const value = condition!.values[atCondition!] ? x!.values[atX!] : y!.values[atY!]
      result.values[position] = value as number
    })
    return [result]
  },
  gradient: differentiable((context) => {
    const [condition, x, y] = [context.input(0), context.input(1), context.input(2)]
    const f = formulaFor(context, x)
    const dy = context.gradient(0)!
    return [
      undefined,
      context.needs(1) ? sumTo(context, f.where(condition, dy, 0), x) : undefined,
      context.needs(2) ? sumTo(context, f.where(condition, 0, dy), y) : undefined,
    ]
  }),
  lower: (context) => mapCall(context, select({ input: 0 }, { input: 1 }, { input: 2 })),
  tolerance: EXACT,
})
