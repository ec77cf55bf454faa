import { numbersOf } from '../../core/host-array'
import { int, optional } from '../attributes'
import { reshapedLike, shapeOf, sizeAlong } from '../gradient'
import { defineOperator, EXACT, differentiable, onHost } from '../op'
import { scatteredAlong } from '../scatter-add'
import { around, normalizeAxis } from '../shapes'

const attributes = { axis: optional(int()) }

/** The entries of an axis (or, without one, the elements) whose condition holds; those beyond the list do not. */
export const compress = defineOperator({
  name: 'Compress',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    if (context.dtype(1) !== 'bool') context.fail(`the condition must be bool, not ${context.dtype(1)}`)
    const rank = context.shape(1)?.length ?? 1
    if (rank !== 1) context.fail(`the condition must be a list, not of ${rank} axes`)
    const [shape, { axis }] = [context.shape(0), context.attributes]
    if (axis === undefined) return [{ dtype: context.dtype(0), shape: [null] }]
    return [{ dtype: context.dtype(0), shape: shape?.with(normalizeAxis(context, axis, shape.length), null) }]
  },
  reference(context, x, condition) {
    const { axis: named } = context.attributes
    const axis = named === undefined ? undefined : normalizeAxis(context, named, x!.shape.length)
    const { outer, size, inner } =
      axis === undefined ? { outer: 1, size: x!.values.length, inner: 1 } : around(x!.shape, axis)
    const chosen = [...numbersOf(condition!)].flatMap((holds, i) => (holds ? [i] : []))
    const beyond = chosen.find((entry) => entry >= size)
    if (beyond !== undefined) context.fail(`the condition chooses entry ${beyond} of ${size}`)
    const shape = axis === undefined ? [chosen.length] : x!.shape.with(axis, chosen.length)
    const result = context.empty(x!.dtype, shape)
    for (let o = 0; o < outer; o++) {
      chosen.forEach((entry, i) => {
        for (let k = 0; k < inner; k++) {
          result.values[(o * chosen.length + i) * inner + k] = x!.values[(o * size + entry) * inner + k]!
        }
      })
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const [x, dy] = [context.input(0), context.gradient(0)!]
    const { axis: named } = context.attributes
    const axis = named === undefined ? 0 : normalizeAxis(context, named, shapeOf(context, x).length)
    const all = named === undefined ? write.add('Reshape', [x, write.integers([-1])]) : x
    const size = sizeAlong(context, all, axis)
    const indices = write.add('Squeeze', [write.add('NonZero', [context.input(1)]), write.integers([0])])
    const dx = scatteredAlong(context, { axis, size, indices, updates: dy })
    return [named === undefined ? reshapedLike(context, dx, x) : dx]
  }),
  lower: onHost('the size of the result depends on values'),
  tolerance: EXACT,
})
