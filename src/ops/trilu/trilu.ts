import { elementCount } from '../../core/dtypes'
import { hostArray, integersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { flag } from '../attributes'
import { mapOf } from '../elementwise'
import { defineOperator, EXACT, differentiable } from '../op'

/** Larger masks are not worth their memory. */
const MOST_MASKED = 2 ** 22

/** Whether an element of a matrix stays: on, above (or below) the diagonal that lies k columns to the right. */
const stays = (row: number, column: number, k: number, isUpper: boolean): boolean =>
  isUpper ? column - row >= k : column - row <= k

const attributes = { upper: flag(true) }

/** The upper or lower triangle of matrices; the rest becomes 0. */
export const trilu = defineOperator({
  name: 'Trilu',
  domain: '',
  attributes,
  inputs: [1, 2],
  infer(context) {
    const shape = context.shape(0)
    if (shape && shape.length < 2) context.fail(`the input must be a matrix or many, not of ${shape.length} axes`)
    return [{ dtype: context.dtype(0), shape }]
  },
  reference(context, x, diagonal) {
    const k = diagonal ? (integersOf(diagonal)[0] as number) : 0
    const result = context.empty(x!.dtype, x!.shape)
    const [rows, columns] = [x!.shape.at(-2)!, x!.shape.at(-1)!]
    for (let i = 0; i < x!.values.length; i++) {
      const isKept = stays(Math.floor(i / columns) % rows, i % columns, k, context.attributes.upper)
      if (isKept) result.values[i] = x!.values[i]!
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(({ write, ...context }) => [
    write.add(
      'Trilu',
      [context.gradient(0), context.has(1) ? context.input(1) : undefined],
      [attribute.int('upper', Number(context.attributes.upper))],
    ),
  ]),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const diagonal = context.constant(1)
    const [rows, columns] = [input.shape.at(-2)!, input.shape.at(-1)!]
    const isOpen = context.has(1) && !diagonal
    if (elementCount(input.shape) === 0) return []
    if (isOpen || rows * columns > MOST_MASKED) return null
    const k = diagonal ? (integersOf(diagonal)[0] as number) : 0
    const mask = Array.from({ length: rows * columns }, (_, i) =>
      Number(stays(Math.floor(i / columns), i % columns, k, context.attributes.upper)),
    )
    const expression = { select: { input: 0 }, then: { input: 1 }, otherwise: { constant: 0 } }
    const inputs = [context.store(hostArray('bool', [rows, columns], mask)), input]
    const call = mapOf(inputs, output, expression)
    return call && [call]
  },
  tolerance: EXACT,
})
