/** Windows of signal processing: one number per place, by a formula. */
import type { Expression } from '../backends/kernel-calls'
import { hostArray, integersOf, isFloat, setValue } from '../core/host-array'
import { dtype, flag } from './attributes'
import { requireKind } from './dtype-kinds'
import { binary, constant, unary } from './elementwise'
import { defineOperator, FLOAT32, notDifferentiable } from './op'

/** cos(2π · times · turn) */
export const cosine = (turn: Expression, times: number): Expression =>
  unary('cos', binary('mul', constant(2 * Math.PI * times), turn))

interface WindowOptions {
  readonly name: string
  /** Of the place at `turn`: 0 at the first, 1 at the last (or, periodic, one place after it). */
  readonly weight: (turn: number) => number
  readonly expression: (turn: Expression) => Expression
}

/** An operator that makes a window of `size` numbers. */
export const defineWindow = ({ name, weight, expression }: WindowOptions) =>
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
    lower(context) {
      const output = context.output(0)
      const count = output.shape[0]!
      // whole numbers are cut off: they need more digits than float32 has
      if (output.dtype !== 'float32') return null
      const last = context.attributes.periodic ? count : count - 1
      if (last <= 0) return [{ kernel: 'fill', output, value: 1 }]
      const places = context.store(
        hostArray(
          'float32',
          [count],
          Array.from({ length: count }, (_, i) => i),
        ),
      )
      const turn = binary('div', { input: 0 }, constant(last))
      return [{ kernel: 'map', expression: expression(turn), inputs: [places], output }]
    },
    tolerance: FLOAT32,
  })
