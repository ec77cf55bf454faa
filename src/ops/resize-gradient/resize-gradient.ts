import { elementCount } from '../../core/dtypes'
import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { resampleAll, resampleCalls } from '../resampling'
import { resizeAttributes, resizeNode, tablesOf, transposedTable } from '../resize-tables'

/**
 * The gradient of Resize: every new place gives back to the elements that it took from, as much as it took. Inputs dy, the shape of
 * x, and roi, scales and sizes as of the Resize, whose attributes it has.
 */
export const resizeGradient = defineOperator({
  name: 'ResizeGradient',
  domain: PLUME,
  attributes: resizeAttributes,
  inputs: [2, 5],
  infer(context) {
    requireKind(context, 0, 'float')
    return [{ dtype: context.dtype(0), shape: context.dims(1) ?? context.shape(0)?.map(() => null) }]
  },
  reference(context, dy, shape, ...lists) {
    const result = context.empty(dy!.dtype, integersOf(shape!))
    const tables = tablesOf(context, result.shape, ...(lists as [HostArray?, HostArray?, HostArray?]))
    if (dy!.values.length > 0) {
      result.values.set(resampleAll(numbersOf(dy!), dy!.shape, tables.map(transposedTable)) as never)
    }
    return [result]
  },
  gradient: differentiable<typeof resizeAttributes>(({ write, attributes, has, input, gradient }) => {
    const lists = [2, 3, 4].map((place) => (has(place) ? input(place) : undefined))
    return [write.add('Resize', [gradient(0), ...lists], resizeNode(attributes))]
  }),
  lower(context) {
    const [dy, dx] = [context.input(0), context.output(0)]
    const lists = [2, 3, 4].map((input) => (context.has(input) ? context.constant(input) : undefined))
    if ([2, 3, 4].some((input, i) => context.has(input) && !lists[i])) return null
    if (dy.dtype !== 'float32' || elementCount(dy.shape) === 0) return null
    const tables = tablesOf(context, dx.shape, ...(lists as [HostArray?, HostArray?, HostArray?]))
    return resampleCalls(dy, dx, tables.map(transposedTable), (shape) => context.scratch('float32', shape))
  },
  tolerance: { ...FLOAT32, absolute: 1e-5, reason: 'coordinates in single precision' },
})
