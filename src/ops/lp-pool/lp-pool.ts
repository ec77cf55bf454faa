import { attribute } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { formulaFor } from '../elementwise'
import { PLUME, shapeValue, spatialAttributes } from '../gradient-parts'
import { normSlope, shareOfNorm } from '../norm-gradients'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { inferPool, poolAttributes, poolCall, poolWindows, poolWith } from '../pooling'

const attributes = { ...poolAttributes, p: a.int(2) }

/** (Σ |x|^p)^(1/p) of every window (ONNX LpPool-22). */
export const lpPool = defineOperator({
  name: 'LpPool',
  domain: '',
  attributes,
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
  gradient: differentiable<typeof attributes>((context) => {
    const { write, attributes } = context
    const [x, y] = [context.input(0), context.output(0)]
    const f = formulaFor(context, x)
    const share = shareOfNorm(f, y, context.gradient(0) as string, attributes.p)
    // the transpose of a mean divides by the elements inside, and that of a sum does not
    const own = spatialAttributes(attributes)
    const ones = f.of('Expand', 1, f.of('Shape', x))
    const counts = write.add('LpPool', [ones], [...own, attribute.int('p', 1)])
    const spread = write.add('AveragePoolGradient', [f.mul(share, counts), shapeValue(write, x)], own, PLUME)
    return [f.mul(normSlope(f, x, attributes.p), spread)]
  }),
  lower(context) {
    const x = context.input(0)
    const { p } = context.attributes
    const axes = poolWindows(context, x.shape)
    const call = p >= 1 ? poolCall({ type: 'norm', norm: p }, x, context.output(0), axes) : null
    return call && [call]
  },
  tolerance: FLOAT32,
})
