import { hostArray } from '../../core/host-array'
import { int, optional } from '../attributes'
import { aliasCall } from '../movement'
import { defineOperator, EXACT, notDifferentiable } from '../op'

interface Range {
  readonly start: number
  readonly end: number | undefined
}

/** From `start` to before `end`: counted from the end where negative, and clamped. */
function cut<T>(shape: readonly T[], { start, end }: Range): readonly T[] {
  const place = (at: number) => Math.min(Math.max(at < 0 ? at + shape.length : at, 0), shape.length)
  return shape.slice(place(start), end === undefined ? shape.length : place(end))
}

/** The sizes of the axes `start` to before `end`, as int64. */
export const shape = defineOperator({
  name: 'Shape',
  domain: '',
  attributes: { start: int(0), end: optional(int()) },
  inputs: [1, 1],
  infer(context) {
    const found = context.shape(0)
    return [{ dtype: 'int64', shape: found ? [cut(found, context.attributes).length] : [null] }]
  },
  inferDims(context) {
    const found = context.shape(0)
    return found && cut(found, context.attributes)
  },
  reference(context, x) {
    const sizes = cut(x!.shape, context.attributes)
    return [hostArray('int64', [sizes.length], sizes)]
  },
  gradient: notDifferentiable('sizes are whole numbers'),
  lower(context) {
    const sizes = cut(context.input(0).shape, context.attributes)
    return [aliasCall(context.store(hostArray('int64', [sizes.length], sizes)), context.output(0))]
  },
  tolerance: EXACT,
})
