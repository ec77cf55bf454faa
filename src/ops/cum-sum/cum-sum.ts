import { integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { flag } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { around, normalizeAxis } from '../shapes'

const attributes = { exclusive: flag(false), reverse: flag(false) }

/** y[i] = Σ x[j] over j ≤ i along an axis; `exclusive`: j < i; `reverse`: from the end. */
export const cumSum = defineOperator({
  name: 'CumSum',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'number')
    const [shape, axis] = [context.shape(0), context.dims(1)?.[0]]
    if (shape && typeof axis === 'number') normalizeAxis(context, axis, shape.length)
    return [{ dtype: context.dtype(0), shape }]
  },
  reference(context, x, axes) {
    const { exclusive, reverse } = context.attributes
    const { outer, size, inner } = around(x!.shape, normalizeAxis(context, integersOf(axes!)[0]!, x!.shape.length))
    const result = context.empty(x!.dtype, x!.shape)
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        // numbers or bigints alike
        let sum = (typeof x!.values[0] === 'bigint' ? 0n : 0) as number
        for (let i = 0; i < size; i++) {
          const at = (o * size + (reverse ? size - 1 - i : i)) * inner + k
          const next = sum + (x!.values[at] as number)
          result.values[at] = exclusive ? sum : next
          sum = next
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, attributes: { exclusive, reverse }, ...context }) => [
    write.add(
      'CumSum',
      [context.gradient(0), context.input(1)],
      [attribute.int('exclusive', Number(exclusive)), attribute.int('reverse', Number(!reverse))],
    ),
  ]),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const axes = context.constant(1)
    if (!axes) return null
    const axis = normalizeAxis(context, integersOf(axes)[0]!, input.shape.length)
    const { exclusive: isExclusive, reverse: isReverse } = context.attributes
    return [{ kernel: 'cumulative', isExclusive, isReverse, input, output, ...around(input.shape, axis) }]
  },
  tolerance: FLOAT32,
})
