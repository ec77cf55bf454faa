/** Windows of signal processing: one number per place, by a formula. */
import { integersOf, isFloat, setValue } from '../core/host-array'
import { dtype, flag } from './attributes'
import { requireKind } from './dtype-kinds'
import { defineOperator, FLOAT32, notDifferentiable, onHost } from './op'

/**
 * An operator that makes a window of `size` numbers.
 * @param weight of the place at `turn`: 0 at the first, 1 at the last (or, periodic, one place after it)
 */
export const defineWindow = (name: string, weight: (turn: number) => number) =>
  defineOperator({
    name,
    domain: '',
    attributes: { output_datatype: dtype('float32'), periodic: flag(true) },
    inputs: [1, 1],
    infer(context) {
      requireKind(context, 0, 'integer')
      const size = context.constant(0)
      const known = size && integersOf(size)[0]!
      if (known !== undefined && known < 0) context.fail(`the size ${known} must not be negative`)
      const given = context.shape(0)
      if (given && given.length > 0 && given.some((dim) => typeof dim === 'number' && dim !== 1))
        context.fail('the size must be one number')
      return [{ dtype: context.attributes.output_datatype, shape: [known ?? null] }]
    },
    reference(context, size) {
      const count = integersOf(size!)[0]!
      const { output_datatype: type } = context.attributes
      const result = context.empty(type, [count])
      const last = context.attributes.periodic ? count : count - 1
      // whole numbers are cut off, and 0.42 + 0.5 + 0.08 in double precision is less than 1
      const round = isFloat(type) ? (y: number) => y : Math.fround
      // a symmetric window of one number has neither first nor last
      for (let i = 0; i < count; i++) setValue(result, i, last === 0 ? 1 : round(weight(i / last)))
      return [result]
    },
    gradient: notDifferentiable('it depends on a size only'),
    lower: onHost('its size is a value'),
    tolerance: FLOAT32,
  })
