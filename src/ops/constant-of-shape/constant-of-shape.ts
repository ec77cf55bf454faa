import { hostArray, integersOf, isBig } from '../../core/host-array'
import { optional, tensor } from '../attributes'
import { sizesOf } from '../dims'
import { defineOperator, EXACT, notDifferentiable } from '../op'

const ZERO = hostArray('float32', [1], [0])

/** An array of the given sizes full of one value, by default 0 in float32. */
export const constantOfShape = defineOperator({
  name: 'ConstantOfShape',
  domain: '',
  attributes: { value: optional(tensor()) },
  inputs: [1, 1],
  infer(context) {
    const { dtype, values } = context.attributes.value ?? ZERO
    if (values.length !== 1) context.fail(`its value must be one element, not ${values.length}`)
    const sizes = sizesOf(context, 0)
    const negative = sizes?.find((size) => typeof size === 'number' && size < 0)
    if (negative !== undefined) context.fail(`the size ${negative} is negative`)
    return [{ dtype, shape: sizes }]
  },
  reference(context, sizes) {
    const { dtype, values } = context.attributes.value ?? ZERO
    const result = context.empty(dtype, integersOf(sizes!))
    ;(result.values as Float32Array).fill(values[0] as number)
    return [result]
  },
  gradient: notDifferentiable('the result does not depend on values'),
  lower(context) {
    const { dtype, values } = context.attributes.value ?? ZERO
    const value = Number(values[0])
    if (isBig(dtype) && !Number.isSafeInteger(value)) return null
    return [{ kernel: 'fill', output: context.output(0), value }]
  },
  tolerance: EXACT,
})
