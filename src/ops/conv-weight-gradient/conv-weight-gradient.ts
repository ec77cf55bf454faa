import { integersOf, numbersOf } from '../../core/host-array'
import { convAttributes, convWindows } from '../convolution'
import { weightSums } from '../convolution-gradients'
import { requireKind } from '../dtype-kinds'
import { PLUME, shapeValue, spatialAttributes } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'

/**
 * The gradient of Conv with respect to its weight: dw[o, c, k] = Σ_n Σ_q dy[n, o, q] · x[n, c, what tap k sees at q].
 * x [N, C, …], dy [N, O, …], the shape of w [O, C / group, …]; attributes are those of the Conv.
 */
export const convWeightGradient = defineOperator({
  name: 'ConvWeightGradient',
  domain: PLUME,
  attributes: convAttributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const [x, dy] = [context.shape(0), context.shape(1)]
    if (x && dy && typeof x[0] === 'number' && typeof dy[0] === 'number' && x[0] !== dy[0]) {
      context.fail(`the input has ${x[0]} batch entries, and the gradient ${dy[0]}`)
    }
    return [{ dtype: context.dtype(0), shape: context.dims(2) ?? x?.map(() => null) }]
  },
  reference(context, x, dy, shape) {
    const result = context.empty(x!.dtype, integersOf(shape!))
    const axes = convWindows(context, x!.shape.slice(2), result.shape.slice(2))
    const [image, slopes] = [x!, dy!].map((array) => ({ shape: array.shape, values: numbersOf(array) }))
    result.values.set(weightSums(image!, slopes!, axes, context.attributes.group) as never)
    return [result]
  },
  gradient: differentiable(({ write, attributes, needs, input, gradient }) => {
    const [x, dy] = [input(0), input(1)]
    const g = gradient(0) as string
    return [
      needs(0)
        ? write.add('ConvInputGradient', [dy, g, shapeValue(write, x)], spatialAttributes(attributes), PLUME)
        : undefined,
      needs(1) ? write.add('Conv', [x, g], spatialAttributes(attributes)) : undefined,
    ]
  }),
  lower(context) {
    const [input, gradient, output] = [context.input(0), context.input(1), context.output(0)]
    if (input.dtype !== 'float32' || input.shape.length > 5) return null
    const { group } = context.attributes
    const [outputs, inPerGroup, ...kernel] = output.shape as [number, number, ...number[]]
    return [
      {
        kernel: 'convWeightGradient',
        input,
        gradient,
        output,
        batch: input.shape[0] as number,
        groups: group,
        inPerGroup,
        outPerGroup: outputs / group,
        axes: convWindows(context, input.shape.slice(2), kernel),
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
