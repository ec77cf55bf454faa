import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { PLUME, shapeValue, spatialAttributes } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { inferPool, poolAttributes, poolCall, poolWindows, poolWith } from '../pooling'

/** The mean of every window, of what lies inside or with the padding as zeros (ONNX AveragePool-22). */
export const averagePool = defineOperator({
  name: 'AveragePool',
  domain: '',
  attributes: { ...poolAttributes, count_include_pad: a.flag(false) },
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    return [inferPool(context)]
  },
  reference(context, x) {
    const axes = poolWindows(context, x!.shape)
    const result = context.empty(x!.dtype, [...x!.shape.slice(0, 2), ...axes.map(({ output }) => output)])
    poolWith(x!, axes, result, (found, _, whole) => {
      const divisor = context.attributes.count_include_pad ? whole : found.length
      return found.reduce((sum, value) => sum + value, 0) / divisor
    })
    return [result]
  },
  gradient: differentiable(({ write, attributes, input, gradient }) => [
    write.add('AveragePoolGradient', [gradient(0), shapeValue(write, input(0))], spatialAttributes(attributes), PLUME),
  ]),
  lower(context) {
    const x = context.input(0)
    const what = { type: 'average', countsPadding: context.attributes.count_include_pad } as const
    const call = poolCall(what, x, context.output(0), poolWindows(context, x.shape))
    return call && [call]
  },
  tolerance: FLOAT32,
})
