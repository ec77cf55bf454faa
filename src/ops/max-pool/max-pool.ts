import type { ArgPoolCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import * as a from '../attributes'
import { PLUME, spatialAttributes } from '../gradient-parts'
import { defineOperator, differentiable, EXACT } from '../op'
import { inferPool, largestOf, poolAttributes, poolCall, poolWindows, poolWith } from '../pooling'
import { stridesOf } from '../shapes'
import type { SpatialAxis } from '../spatial'

/** The largest element of every window, and where it stands in the flattened input (ONNX MaxPool-22). */
export const maxPool = defineOperator({
  name: 'MaxPool',
  domain: '',
  attributes: { ...poolAttributes, storage_order: a.int(0) },
  inputs: [1, 1],
  infer(context) {
    const type = inferPool(context)
    return [type, { dtype: 'int64', shape: type.shape }]
  },
  reference(context, x) {
    const axes = poolWindows(context, x!.shape)
    const shape = [...x!.shape.slice(0, 2), ...axes.map(({ output }) => output)]
    const [values, indices] = [context.empty(x!.dtype, shape), context.empty('int64', shape)]
    const sizes = axes.map(({ input }) => input)
    const planeSize = elementCount(sizes)
    const order = context.attributes.storage_order === 1 ? columnMajor(sizes) : (place: number) => place
    poolWith(x!, axes, values, (found, places, _, target, plane) => {
      const best = largestOf(found)
      indices.values[target] = BigInt(plane * planeSize + order(places[best] ?? 0))
      return found[best] ?? -Infinity
    })
    return [values, indices]
  },
  gradient: differentiable(({ write, attributes, input, gradient }) => [
    write.add('MaxPoolGradient', [input(0), gradient(0)], spatialAttributes(attributes), PLUME),
  ]),
  lower(context) {
    const x = context.input(0)
    const axes = poolWindows(context, x.shape)
    const values = context.wants(0) ? [poolCall({ type: 'max' }, x, context.output(0), axes)] : []
    const wantsPlaces = context.outputCount > 1 && context.wants(1)
    const places = wantsPlaces ? [placesCall(x, context.output(1), axes, context.attributes.storage_order === 1)] : []
    const calls = [...values, ...places].filter((call) => call !== null)
    return calls.length === values.length + places.length ? calls : null
  },
  tolerance: EXACT,
})

const placesCall = (
  input: Operand,
  output: Operand,
  axes: readonly SpatialAxis[],
  byColumns: boolean,
): ArgPoolCall | null => {
  const planes = elementCount(input.shape.slice(0, 2))
  return axes.length > 3 ? null : { kernel: 'argPool', byColumns, input, output, planes, axes }
}

/** The place in column-major order of a place in row-major order. */
function columnMajor(sizes: readonly number[]): (place: number) => number {
  const rows = stridesOf(sizes)
  const columns = stridesOf([...sizes].reverse()).reverse()
  return (place) =>
    sizes.reduce((sum, size, axis) => sum + (Math.floor(place / rows[axis]!) % size) * columns[axis]!, 0)
}
