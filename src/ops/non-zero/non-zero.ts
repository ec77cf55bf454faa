import { defineOperator, EXACT, notDifferentiable, onHost } from '../op'
import { stridesOf } from '../shapes'

/** Indices of the elements that are not 0, in row-major order: y [rank, count]. Of a scalar [0, count]. */
export const nonZero = defineOperator({
  name: 'NonZero',
  domain: '',
  attributes: {},
  inputs: [1, 1],
  infer: (context) => [{ dtype: 'int64', shape: [context.shape(0)?.length ?? null, null] }],
  reference(context, x) {
    const { shape, values } = x!
    const places: number[] = []
    for (let i = 0; i < values.length; i++) if (Number(values[i]) !== 0) places.push(i)
    const result = context.empty('int64', [shape.length, places.length])
    stridesOf(shape).forEach((stride, axis) => {
      places.forEach((place, i) => {
        result.values[axis * places.length + i] = BigInt(Math.floor(place / stride) % shape[axis]!)
      })
    })
    return [result]
  },
  gradient: notDifferentiable('indices are whole numbers'),
  lower: onHost('the size of the result depends on values'),
  tolerance: EXACT,
})
