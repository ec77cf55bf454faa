import { numbersOf, setValue } from '../../core/host-array'
import { dtype, float, int, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator } from '../op'
import { RANDOM } from '../random-arrays'

/** The class whose share of the cumulated probabilities `at` falls into. */
function classAt(cumulated: Float64Array, at: number): number {
  const found = cumulated.findIndex((sum) => at < sum)
  return found < 0 ? cumulated.length - 1 : found
}

/** x [batch, classes], unnormalized log-probabilities → [batch, sample_size], classes drawn with replacement. */
export const multinomial = defineOperator({
  name: 'Multinomial',
  domain: '',
  attributes: { dtype: dtype('int32'), sample_size: int(1), seed: optional(float()) },
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    const { dtype: to, sample_size } = context.attributes
    if (to !== 'int32' && to !== 'int64') context.refuse(`results of type ${to}`)
    if (sample_size < 1) context.fail(`sample_size ${sample_size} must be at least 1`)
    const x = context.shape(0)
    if (x && x.length !== 2) context.fail(`the input has ${x.length} axes, and [batch, classes] are expected`)
    if (x?.[1] === 0) context.fail('there is no class to draw')
    return [{ dtype: to, shape: x && [x[0]!, sample_size] }]
  },
  reference(context, x) {
    const { dtype: to, sample_size } = context.attributes
    const [batch, classes] = x!.shape as [number, number]
    const result = context.empty(to, [batch, sample_size])
    const numbers = numbersOf(x!)
    for (let b = 0; b < batch; b++) {
      const row = Array.from(numbers.subarray(b * classes, (b + 1) * classes))
      const largest = row.reduce((most, value) => Math.max(most, value), -Infinity)
      let sum = 0
      const cumulated = Float64Array.from(row, (value) => (sum += Math.exp(value - largest)))
      for (let k = 0; k < sample_size; k++)
        setValue(result, b * sample_size + k, classAt(cumulated, context.random.uniform() * sum))
    }
    return [result]
  },
  ...RANDOM,
})
