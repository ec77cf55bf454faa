import { elementCount } from '../../core/dtypes'
import { integersOf } from '../../core/host-array'
import { int } from '../attributes'
import { placeOf, placesOf, requireIndices } from '../indices'
import { copyOrAlias } from '../movement'
import { shapeOf, sizeAlong } from '../gradient'
import { scatteredAlong } from '../scatter-add'
import { defineOperator, EXACT, differentiable } from '../op'
import { around, normalizeAxis } from '../shapes'

const attributes = { axis: int(0) }

/** y[…, i…, …] = x[…, indices[i…], …]: entries of one axis; negative indices count from the end. */
export const gather = defineOperator({
  name: 'Gather',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireIndices(context, 1)
    const [shape, indices] = [context.shape(0), context.shape(1)]
    if (shape?.length === 0) context.fail('a scalar has no axis to take from')
    const axis = shape && normalizeAxis(context, context.attributes.axis, shape.length)
    const known = shape && indices && [...shape.slice(0, axis), ...indices, ...shape.slice(axis! + 1)]
    return [{ dtype: context.dtype(0), shape: known }]
  },
  inferDims(context) {
    const [dims, indices] = [context.dims(0), context.constant(1)]
    if (!dims || !indices || indices.shape.length > 1 || context.shape(0)?.length !== 1) return undefined
    return placesOf(context, indices, dims.length).map((place) => dims[place]!)
  },
  reference(context, x, indices) {
    const axis = normalizeAxis(context, context.attributes.axis, x!.shape.length)
    const { outer, size, inner } = around(x!.shape, axis)
    const result = context.empty(x!.dtype, [...x!.shape.slice(0, axis), ...indices!.shape, ...x!.shape.slice(axis + 1)])
    const places = placesOf(context, indices!, size)
    const [from, to] = [x!.values, result.values]
    for (let o = 0; o < outer; o++) {
      places.forEach((place, i) => {
        const [source, target] = [(o * size + place) * inner, (o * places.length + i) * inner]
        for (let k = 0; k < inner; k++) to[target + k] = from[source + k]!
      })
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const axis = normalizeAxis(context, context.attributes.axis, shapeOf(context, context.input(0)).length)
    const size = sizeAlong(context, context.input(0), axis)
    return [scatteredAlong(context, { axis, size, indices: context.input(1), updates: context.gradient(0)! })]
  }),
  lower(context) {
    const [input, indices, output] = [context.input(0), context.input(1), context.output(0)]
    const axis = normalizeAxis(context, context.attributes.axis, input.shape.length)
    const { outer, size, inner } = around(input.shape, axis)
    const known = context.constant(1)
    if (known?.values.length === 1) {
      const place = placeOf(context, integersOf(known)[0] as number, size)
      return [
        copyOrAlias(input, output, {
          sizes: [outer, inner],
          inputStrides: [size * inner, 1],
          inputOffset: place * inner,
          outputStrides: [inner, 1],
          outputOffset: 0,
        }),
      ]
    }
    return [{ kernel: 'gather', input, indices, output, outer, size, count: elementCount(indices.shape), inner }]
  },
  tolerance: EXACT,
})
