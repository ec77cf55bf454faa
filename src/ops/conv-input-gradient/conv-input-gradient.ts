import type { KernelCall, Window } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { integersOf, numbersOf } from '../../core/host-array'
import { convAttributes, convWindows } from '../convolution'
import { scatterWindows } from '../convolution-gradients'
import { requireKind } from '../dtype-kinds'
import { PLUME, shapeValue, spatialAttributes } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32, type LowerContext } from '../op'

/**
 * The gradient of Conv with respect to its input: dx = wᵀ ⋆ dy (Dumoulin & Visin, arXiv 1603.07285v2, section 4). dy [N, O, …],
 * w [O, C / group, …], the shape of x; attributes are those of the Conv. It is a ConvTranspose whose output's sizes are given.
 */
export const convInputGradient = defineOperator({
  name: 'ConvInputGradient',
  domain: PLUME,
  attributes: convAttributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const [dy, w] = [context.shape(0), context.shape(1)]
    if (dy && w && typeof dy[1] === 'number' && typeof w[0] === 'number' && dy[1] !== w[0]) {
      context.fail(`the gradient has ${dy[1]} channels, and the weight makes ${w[0]}`)
    }
    return [{ dtype: context.dtype(0), shape: context.dims(2) ?? dy?.map(() => null) }]
  },
  reference(context, dy, w, shape) {
    const result = context.empty(dy!.dtype, integersOf(shape!))
    const axes = convWindows(context, result.shape.slice(2), w!.shape.slice(2)).map(turned)
    const [gradient, weight] = [dy!, w!].map((array) => ({ shape: array.shape, values: numbersOf(array) }))
    result.values.set(scatterWindows(gradient!, weight!, axes, context.attributes.group) as never)
    return [result]
  },
  gradient: differentiable(({ write, attributes, needs, input, gradient }) => {
    const [dy, w] = [input(0), input(1)]
    const g = gradient(0) as string
    return [
      needs(0) ? write.add('Conv', [g, w], spatialAttributes(attributes)) : undefined,
      needs(1)
        ? write.add('ConvWeightGradient', [g, dy, shapeValue(write, w)], spatialAttributes(attributes), PLUME)
        : undefined,
    ]
  }),
  lower(context) {
    const [dy, w, dx] = [context.input(0), context.input(1), context.output(0)]
    if (dy.dtype !== 'float32' || dy.shape.length > 5) return null
    const { group } = context.attributes
    const axes = convWindows(context, dx.shape.slice(2), w.shape.slice(2))
    // windows side by side: what a convolution with the weights turned round computes faster
    const pads = axes.map(({ kernel, dilation, padBegin }) => dilation * (kernel - 1) - padBegin)
    if (axes.every(({ stride }, i) => stride === 1 && (pads[i] as number) >= 0)) {
      return asConvolution(context, axes, pads)
    }
    return [
      {
        kernel: 'convTranspose',
        input: dy,
        weight: w,
        output: dx,
        batch: dy.shape[0] as number,
        groups: group,
        inPerGroup: (dy.shape[1] as number) / group,
        outPerGroup: w.shape[1] as number,
        axes: axes.map(turned),
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

type Context = LowerContext<typeof convAttributes>

/** dx[n, c] = Σ_o (w[o, c] turned round) ⋆ dy[n, o]: the weights [O, C / group, …] become [C, O / group, …], from end to start. */
function asConvolution(context: Context, axes: readonly Window[], pads: readonly number[]): readonly KernelCall[] {
  const [dy, w, dx] = [context.input(0), context.input(1), context.output(0)]
  const { group } = context.attributes
  const [inPerGroup, outPerGroup] = [(dy.shape[1] as number) / group, w.shape[1] as number]
  const kernel = w.shape.slice(2)
  const taps = elementCount(kernel)
  const weight = context.scratch('float32', [group * outPerGroup, inPerGroup, ...kernel])
  const turn: KernelCall = {
    ...{ kernel: 'copy', input: w, output: weight, sizes: [group, outPerGroup, inPerGroup, taps] },
    inputStrides: [inPerGroup * outPerGroup * taps, taps, outPerGroup * taps, -1],
    inputOffset: taps - 1,
    outputStrides: [inPerGroup * outPerGroup * taps, inPerGroup * taps, taps, 1],
    outputOffset: 0,
  }
  const turnedAxes = axes.map((axis, i) => ({ ...turned(axis), padBegin: pads[i] as number }))
  return [
    turn,
    {
      ...{ kernel: 'conv', input: dy, weight, output: dx, batch: dy.shape[0] as number, groups: group },
      ...{ inPerGroup, outPerGroup, axes: turnedAxes },
    },
  ]
}

/** From the convolution's view to its transpose's. */
const turned = <W extends { readonly input: number; readonly output: number }>(window: W): W => ({
  ...window,
  input: window.output,
  output: window.input,
})
