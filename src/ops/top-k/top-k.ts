import { integersOf, type Values } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { flag, int } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { zerosLike } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'
import { around, normalizeAxis } from '../shapes'

const isNaN = (value: Values[number]) => Number.isNaN(value)

/** Largest first, NaN before all; of equals, whichever stands first. */
function descending(a: Values[number], b: Values[number]): number {
  if (isNaN(a) || isNaN(b)) return Number(isNaN(b)) - Number(isNaN(a))
  return a > b ? -1 : a < b ? 1 : 0
}

const attributes = { axis: int(-1), largest: flag(true), sorted: flag(true) }

/** The K largest (or smallest) elements along an axis in their order, and where they stood. */
export const topK = defineOperator({
  name: 'TopK',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'number')
    const shape = context.shape(0)
    const axis = shape && normalizeAxis(context, context.attributes.axis, shape.length)
    const k = context.dims(1)?.[0] ?? null
    const size = shape?.[axis!]
    if (typeof k === 'number' && (k < 0 || (typeof size === 'number' && k > size))) {
      context.fail(`${k} elements cannot be taken of ${size ?? '?'}`)
    }
    const known = shape?.with(axis!, k)
    return [
      { dtype: context.dtype(0), shape: known },
      { dtype: 'int64', shape: known },
    ]
  },
  reference(context, x, count) {
    const k = integersOf(count!)[0] as number
    const axis = normalizeAxis(context, context.attributes.axis, x!.shape.length)
    const { outer, size, inner } = around(x!.shape, axis)
    const shape = x!.shape.with(axis, k)
    const [values, indices] = [context.empty(x!.dtype, shape), context.empty('int64', shape)]
    const sign = context.attributes.largest ? 1 : -1
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const at = (entry: number) => x!.values[(o * size + entry) * inner + i]!
        const order = Array.from({ length: size }, (_, entry) => entry)
        order.sort((a, b) => sign * descending(at(a), at(b)) || a - b)
        for (let rank = 0; rank < k; rank++) {
          const target = (o * k + rank) * inner + i
          values.values[target] = at(order[rank]!)
          indices.values[target] = BigInt(order[rank]!)
        }
      }
    }
    return [values, indices]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const zeros = zerosLike(write, context.input(0))
    const axis = attribute.int('axis', context.attributes.axis)
    const dy = context.gradient(0)
    return [dy && write.add('ScatterElements', [zeros, context.output(1), dy], [axis])]
  }),
  lower(context) {
    const input = context.input(0)
    const axis = normalizeAxis(context, context.attributes.axis, input.shape.length)
    const { shape } = context.output(context.wants(0) ? 0 : 1)
    const values = context.wants(0) ? context.output(0) : context.scratch(input.dtype, shape)
    const indices = context.wants(1) ? context.output(1) : context.scratch('int64', shape)
    const isLargest = context.attributes.largest
    const sizes = { ...around(input.shape, axis), count: shape[axis]! }
    return [{ kernel: 'topK', isLargest, input, values, indices, ...sizes }]
  },
  tolerance: EXACT,
})
