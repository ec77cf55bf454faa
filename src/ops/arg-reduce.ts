/** What ArgMax and ArgMin have in common. */
import { flag, int } from './attributes'
import { requireKind } from './dtype-kinds'
import { defineOperator, EXACT, notDifferentiable, type Operator } from './op'
import { around, normalizeAxis } from './shapes'

const attributes = { axis: int(0), keepdims: flag(true), select_last_index: flag(false) }

/** y = the index of the largest or smallest element along an axis, as int64; of equals the first, or the last when asked. */
export function defineArgReduction(name: string, wants: 'max' | 'min'): Operator<typeof attributes> {
  return defineOperator<typeof attributes>({
    name,
    domain: '',
    attributes,
    inputs: [1, 1],
    infer(context) {
      requireKind(context, 0, 'number')
      const shape = context.shape(0)
      if (!shape) return [{ dtype: 'int64', shape: undefined }]
      const axis = normalizeAxis(context, context.attributes.axis, shape.length)
      if (shape[axis] === 0) context.fail(`axis ${axis} has no elements`)
      return [{ dtype: 'int64', shape: context.attributes.keepdims ? shape.with(axis, 1) : shape.toSpliced(axis, 1) }]
    },
    reference(context, x) {
      const { shape, values } = x!
      const { keepdims, select_last_index: takesLast } = context.attributes
      const axis = normalizeAxis(context, context.attributes.axis, shape.length)
      const { outer, size, inner } = around(shape, axis)
      const result = context.empty('int64', keepdims ? shape.with(axis, 1) : shape.toSpliced(axis, 1))
      for (let o = 0; o < outer; o++) {
        for (let k = 0; k < inner; k++) {
          const at = (i: number) => values[(o * size + i) * inner + k]!
          let best = 0
          for (let i = 1; i < size; i++) {
            const isBetter = wants === 'max' ? at(i) > at(best) : at(i) < at(best)
            if (isBetter || (takesLast && at(i) === at(best))) best = i
          }
          result.values[o * inner + k] = BigInt(best)
        }
      }
      return [result]
    },
    gradient: notDifferentiable('an index is a whole number'),
    lower(context) {
      const [input, output] = [context.input(0), context.output(0)]
      const sizes = around(input.shape, normalizeAxis(context, context.attributes.axis, input.shape.length))
      return [{ kernel: 'argReduce', wants, takesLast: context.attributes.select_last_index, input, output, ...sizes }]
    },
    tolerance: EXACT,
  })
}
