import { CAST_ATTRIBUTES, castDims, castTo, lowerCast } from '../casting'
import { refuseTexts } from '../dtype-kinds'
import { defineOperator, EXACT, differentiable } from '../op'

/** The first input's values as elements of the second's type; see `converter` for what does not fit. */
export const castLike = defineOperator({
  name: 'CastLike',
  domain: '',
  attributes: CAST_ATTRIBUTES,
  inputs: [2, 2],
  infer: (context) => {
    refuseTexts(context, context.dtype(0), context.dtype(1))
    return [{ dtype: context.dtype(1), shape: context.shape(0) }]
  },
  inferDims: (context) => castDims(context, context.dtype(1)),
  reference: (context, x, target) => [castTo(context, x!, target!.dtype, context.attributes)],
  gradient: differentiable((context) => [context.write.add('CastLike', [context.gradient(0), context.input(0)])]),
  lower: (context) => lowerCast(context, context.dtype(1), context.attributes),
  tolerance: EXACT,
})
