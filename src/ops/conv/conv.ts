import { numbersOf } from '../../core/host-array'
import { convAttributes, convCall, convolve, convShape } from '../convolution'
import { requireKind } from '../dtype-kinds'
import { axesBesideChannels, PLUME, shapeValue, spatialAttributes, sumOver } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'

/**
 * y[n, o] = b[o] + Σ_c w[o, c] ⋆ x[n, c] over the channels of o's group (ONNX Conv-22). x [N, C, …], w [O, C / group, …],
 * b [O], y [N, O, …].
 */
export const conv = defineOperator({
  name: 'Conv',
  domain: '',
  attributes: convAttributes,
  inputs: [2, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    for (let i = 1; i < context.inputCount; i++) {
      if (context.has(i) && context.dtype(i) !== context.dtype(0)) context.fail('all inputs must have one type')
    }
    const bias = context.has(2) ? context.shape(2) : undefined
    return [{ dtype: context.dtype(0), shape: convShape(context, bias) }]
  },
  reference(context, x, w, bias) {
    const [image, weight] = [x!, w!].map(({ shape, ...rest }) => ({ shape, values: numbersOf({ shape, ...rest }) }))
    const { shape, values } = convolve(context, image!, weight!, bias && numbersOf(bias))
    const result = context.empty(x!.dtype, shape)
    result.values.set(values as never)
    return [result]
  },
  gradient: differentiable((context) => {
    const { write, attributes, needs, input } = context
    const [x, w] = [input(0), input(1)]
    const dy = context.gradient(0) as string
    const own = spatialAttributes(attributes)
    return [
      needs(0) ? write.add('ConvInputGradient', [dy, w, shapeValue(write, x)], own, PLUME) : undefined,
      needs(1) ? write.add('ConvWeightGradient', [x, dy, shapeValue(write, w)], own, PLUME) : undefined,
      needs(2) ? sumOver(write, dy, axesBesideChannels(context, dy), 'drops') : undefined,
    ]
  }),
  lower(context) {
    const [input, weight, output] = [context.input(0), context.input(1), context.output(0)]
    if (!(input.dtype === 'float32' && input.shape.length <= 5)) return null
    return [convCall(context, { input, weight, output, ...(context.has(2) && { bias: context.input(2) }) })]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
