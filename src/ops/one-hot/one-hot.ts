import { hostArray, integersOf, numbersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { int } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { formulaFor } from '../elementwise'
import type { ValueName } from '../gradient'
import { defineOperator, EXACT, differentiable } from '../op'
import { around, normalizeAxis } from '../shapes'

const attributes = { axis: int(-1) }

/** A new axis of `depth` entries: values[1] at the index, values[0] elsewhere; indices out of range set none. */
export const oneHot = defineOperator({
  name: 'OneHot',
  domain: '',
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'number')
    requireKind(context, 1, 'number')
    const shape = context.shape(0)
    const depth = context.dims(1)?.[0] ?? null
    if (typeof depth === 'number' && depth < 0) context.fail(`the depth ${depth} is negative`)
    const count = context.shape(2)?.[0]
    if (typeof count === 'number' && count !== 2) context.fail(`two values are needed, off and on, not ${count}`)
    if (!shape) return [{ dtype: context.dtype(2), shape: undefined }]
    const axis = normalizeAxis(context, context.attributes.axis, shape.length + 1)
    return [{ dtype: context.dtype(2), shape: shape.toSpliced(axis, 0, depth) }]
  },
  reference(context, indices, depths, values) {
    const depth = Math.trunc(integersOf(depths!)[0] as number)
    const axis = normalizeAxis(context, context.attributes.axis, indices!.shape.length + 1)
    const result = context.empty(values!.dtype, indices!.shape.toSpliced(axis, 0, depth))
    const { outer, inner } = around(result.shape, axis)
    const [off, on] = [values!.values[0]!, values!.values[1]!]
    ;(result.values as Float32Array).fill(off as number)
    const numbers = numbersOf(indices!)
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        const index = Math.trunc(numbers[o * inner + k] as number)
        const place = index < 0 ? index + depth : index
        if (place >= 0 && place < depth) result.values[(o * depth + place) * inner + k] = on
      }
    }
    return [result]
  },
  // of the two values; indices have no derivative
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const [depth, values, dy] = [context.input(1), context.input(2), context.gradient(0)!]
    if (!context.needs(2)) return []
    const f = formulaFor(context, values)
    const axis = attribute.int('axis', context.attributes.axis)
    const places = write.add(
      'OneHot',
      [context.input(0), depth, write.constant(hostArray(f.dtype, [2], [0, 1]))],
      [axis],
    )
    const sum = (value: ValueName) => write.add('ReduceSum', [value], [attribute.int('keepdims', 0)])
    const on = sum(f.mul(dy, places))
    const both = [f.sub(sum(dy), on), on].map((one) => write.add('Unsqueeze', [one, write.integers([0])]))
    return [undefined, undefined, write.add('Concat', both, [attribute.int('axis', 0)])]
  }),
  lower(context) {
    const [input, values, output] = [context.input(0), context.input(2), context.output(0)]
    const axis = normalizeAxis(context, context.attributes.axis, output.shape.length)
    return [{ kernel: 'oneHot', input, values, output, ...around(output.shape, axis) }]
  },
  tolerance: EXACT,
})
