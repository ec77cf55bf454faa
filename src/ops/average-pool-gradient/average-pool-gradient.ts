import { elementCount } from '../../core/dtypes'
import { hostArray, integersOf, numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { scatterWindows } from '../convolution-gradients'
import { requireKind } from '../dtype-kinds'
import { binary } from '../elementwise'
import { PLUME, spatialAttributes } from '../gradient-parts'
import { aliasCall } from '../movement'
import { defineOperator, differentiable, FLOAT32, type NodeView } from '../op'
import { countsOf, poolAttributes, poolWindows } from '../pooling'

const attributes = { ...poolAttributes, count_include_pad: a.flag(false) }
type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/**
 * The gradient of AveragePool: every dy is shared out equally among the elements of its window. dy [N, C, …output], the shape of
 * x; attributes are those of the AveragePool.
 */
export const averagePoolGradient = defineOperator({
  name: 'AveragePoolGradient',
  domain: PLUME,
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    return [{ dtype: context.dtype(0), shape: context.dims(1) ?? context.shape(0)?.map(() => null) }]
  },
  reference(context, dy, shape) {
    const result = context.empty(dy!.dtype, integersOf(shape!))
    const { axes, shares, ones } = partsOf(context, result.shape)
    const slopes = numbersOf(dy!).map((slope, i) => slope * (shares[i % shares.length] as number))
    const planes = elementCount(dy!.shape.slice(0, 2))
    const x = { shape: [planes, 1, ...dy!.shape.slice(2)], values: slopes }
    result.values.set(scatterWindows(x, ones, axes, 1) as never)
    return [result]
  },
  gradient: differentiable(({ write, attributes: own, gradient }) => [
    write.add('AveragePool', [gradient(0) as string], spatialAttributes(own)),
  ]),
  lower(context) {
    const [dy, dx] = [context.input(0), context.output(0)]
    if (dy.dtype !== 'float32' || dy.shape.length > 5) return null
    const { axes, shares, ones } = partsOf(context, dx.shape)
    const planes = elementCount(dy.shape.slice(0, 2))
    const shared = context.scratch('float32', dy.shape)
    const column = context.scratch('float32', [planes, 1, ...dy.shape.slice(2)])
    const factors = context.store(hostArray('float32', dy.shape.slice(2), shares))
    const weight = context.store(hostArray('float32', ones.shape, ones.values))
    return [
      { kernel: 'map', expression: binary('mul', { input: 0 }, { input: 1 }), inputs: [dy, factors], output: shared },
      aliasCall(shared, column),
      {
        kernel: 'convTranspose',
        input: column,
        weight,
        output: dx,
        batch: planes,
        groups: 1,
        inPerGroup: 1,
        outPerGroup: 1,
        axes,
      },
    ]
  },
  tolerance: FLOAT32,
})

/** The pooling as the transpose of a convolution with ones, and 1 / (what each window divides by). */
function partsOf(context: Context, shape: readonly number[]) {
  const windows = poolWindows(context, shape)
  const axes = windows.map((window) => ({ ...window, input: window.output, output: window.input }))
  const shares = countsOf(windows, context.attributes.count_include_pad).map((count) => 1 / count)
  const kernel = windows.map((window) => window.kernel)
  const ones = { shape: [1, 1, ...kernel], values: new Array<number>(elementCount(kernel)).fill(1) }
  return { axes, shares, ones }
}
