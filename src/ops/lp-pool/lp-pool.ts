import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator, FLOAT32, notYetDifferentiable } from '../op'
import { inferPool, poolAttributes, poolCall, poolWindows, poolWith } from '../pooling'

/** (Σ |x|^p)^(1/p) of every window (ONNX LpPool-22). */
export const lpPool = defineOperator({
  name: 'LpPool',
  domain: '',
  attributes: { ...poolAttributes, p: a.int(2) },
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    return [inferPool(context)]
  },
  reference(context, x) {
    const { p } = context.attributes
    const axes = poolWindows(context, x!.shape)
    const result = context.empty(x!.dtype, [...x!.shape.slice(0, 2), ...axes.map(({ output }) => output)])
    poolWith(x!, axes, result, (found) => found.reduce((sum, value) => sum + Math.abs(value) ** p, 0) ** (1 / p))
    return [result]
  },
  gradient: notYetDifferentiable,
  lower(context) {
    const x = context.input(0)
    const { p } = context.attributes
    const axes = poolWindows(context, x.shape)
    const call = p >= 1 ? poolCall({ type: 'norm', norm: p }, x, context.output(0), axes) : null
    return call && [call]
  },
  tolerance: FLOAT32,
})
