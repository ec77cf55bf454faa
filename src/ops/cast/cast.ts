import { dtype } from '../attributes'
import { CAST_ATTRIBUTES, castDims, castTo, lowerCast } from '../casting'
import { refuseTexts } from '../dtype-kinds'
import { defineOperator, EXACT, differentiable } from '../op'

/** The same values as elements of the type `to`; see `converter` for what does not fit. */
export const cast = defineOperator({
  name: 'Cast',
  domain: '',
  attributes: { to: dtype(), ...CAST_ATTRIBUTES },
  inputs: [1, 1],
  infer: (context) => {
    const { to } = context.attributes
    refuseTexts(context, context.dtype(0), to)
    return [{ dtype: to, shape: context.shape(0) }]
  },
  inferDims: (context) => castDims(context, context.attributes.to),
  reference: (context, x) => [castTo(context, x!, context.attributes.to, context.attributes)],
  gradient: differentiable((context) => [context.write.add('CastLike', [context.gradient(0), context.input(0)])]),
  lower: (context) => lowerCast(context, context.attributes.to, context.attributes),
  tolerance: EXACT,
})
