import type { Window } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { scatterWindows } from '../convolution-gradients'
import { shapeOf, type GradientContext } from '../gradient'
import { axesBesideChannels, PLUME, shapeValue, spatialAttributes, sumOver } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32, type NodeView } from '../op'
import { convAttributes } from '../spatial'

const attributes = { ...convAttributes, output_padding: a.optional(a.ints()), output_shape: a.optional(a.ints()) }
type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/**
 * The transpose of Conv: each input pixel adds w · x to the outputs that its window covers (ONNX ConvTranspose-22).
 * x [N, C, …], w [C, O / group, …], b [O], y [N, O, …].
 */
export const convTranspose = defineOperator({
  name: 'ConvTranspose',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const { group, kernel_shape } = context.attributes
    const [x, w] = [context.shape(0), context.shape(1)]
    if (x && x.length < 3) context.fail('the input must be [N, C, …] with at least one spatial axis')
    if (x && w && x.length !== w.length) context.fail('input and weight must have one rank')
    if (x && w && typeof x[1] === 'number' && typeof w[0] === 'number' && x[1] !== w[0]) {
      context.fail(`the input has ${x[1]} channels, and the weight wants ${w[0]}`)
    }
    if (typeof w?.[0] === 'number' && (group < 1 || w[0] % group !== 0))
      context.fail(`${w[0]} channels cannot form ${group} groups`)
    if (!x) return [{ dtype: context.dtype(0), shape: undefined }]
    const kernel = w?.slice(2) ?? kernel_shape
    const spatial = x.slice(2).map((dim, axis) => {
      const size = kernel?.[axis]
      const given = context.attributes.output_shape
      if (given) return (given.length === x.length - 2 ? given[axis] : given[axis + 2]) ?? null
      return typeof dim === 'number' && typeof size === 'number'
        ? axisOf(context, dim, size, axis, x.length - 2).output
        : null
    })
    const outputs: Dim = typeof w?.[1] === 'number' ? w[1] * group : null
    return [{ dtype: context.dtype(0), shape: [x[0] ?? null, outputs, ...spatial] }]
  },
  reference(context, x, w, bias) {
    const { group } = context.attributes
    const [batch, , ...sizes] = x!.shape as [number, number, ...number[]]
    const [, perGroup, ...kernel] = w!.shape as [number, number, ...number[]]
    const axes = axesOf(context, sizes, kernel)
    const outputs = perGroup * group
    const result = context.empty(x!.dtype, [batch, outputs, ...axes.map(({ output }) => output)])
    const [image, weight] = [x!, w!].map((array) => ({ shape: array.shape, values: numbersOf(array) }))
    const sums = scatterWindows(image!, weight!, axes, group)
    if (bias) {
      const biases = numbersOf(bias)
      const size = elementCount(result.shape.slice(2))
      for (let i = 0; i < sums.length; i++) sums[i]! += biases[Math.floor(i / size) % outputs] as number
    }
    result.values.set(sums as never)
    return [result]
  },
  gradient: differentiable(ruleOf),
  lower(context) {
    const [x, w] = [context.input(0), context.input(1)]
    if (x.dtype !== 'float32' || x.shape.length > 5) return null
    const { group } = context.attributes
    return [
      {
        kernel: 'convTranspose',
        input: x,
        weight: w,
        ...(context.has(2) && { bias: context.input(2) }),
        output: context.output(0),
        batch: x.shape[0] as number,
        groups: group,
        inPerGroup: (x.shape[1] as number) / group,
        outPerGroup: w.shape[1] as number,
        axes: axesOf(context, x.shape.slice(2), w.shape.slice(2)),
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

/** The transpose of a transpose: dx is a convolution of dy with w, and dw that convolution's weight gradient. */
function ruleOf(context: GradientContext<typeof attributes>) {
  const { write, needs, input } = context
  const [x, w] = [input(0), input(1)]
  const dy = context.gradient(0) as string
  const { covered, pads } = needs(0) || needs(1) ? coveredPart(context, dy) : { covered: dy, pads: undefined }
  const own = spatialAttributes(context.attributes, { pads })
  return [
    needs(0) ? write.add('Conv', [covered, w], own) : undefined,
    needs(1) ? write.add('ConvWeightGradient', [covered, x, shapeValue(write, w)], own, PLUME) : undefined,
    needs(2) ? sumOver(write, dy, axesBesideChannels(context, dy), 'drops') : undefined,
  ]
}

/** The part of dy that windows cover, and the padding with which a convolution of it has as many windows as x has elements. */
function coveredPart(context: GradientContext<typeof attributes>, dy: string) {
  const { write, input, attributes: own } = context
  const [sizes, kernel] = [input(0), input(1)].map((value) => shapeOf(context, value).slice(2))
  const isKnown = (dims: readonly Dim[] | undefined): dims is readonly number[] =>
    dims?.every((dim) => typeof dim === 'number') ?? false
  if (!isKnown(sizes) || !isKnown(kernel)) {
    const isPlain = own.auto_pad === 'NOTSET' && !own.output_shape && !own.output_padding?.some((size) => size > 0)
    if (!isPlain) context.fail('the sizes of its input must be known to differentiate it')
    return { covered: dy, pads: own.pads }
  }
  const axes = axesOf(context, sizes, kernel)
  const reach = axes.map(
    (axis) => axis.stride * (axis.input - 1) + (axis.kernel - 1) * axis.dilation + 1 - axis.padBegin,
  )
  const pads = [
    ...axes.map(({ padBegin }) => padBegin),
    ...axes.map(({ output }, axis) => Math.max(0, (reach[axis] as number) - output)),
  ]
  if (axes.every(({ output }, axis) => output <= (reach[axis] as number))) return { covered: dy, pads }
  const starts = axes.map(() => 0)
  const spatial = axes.map((_, axis) => axis + 2)
  return { covered: write.add('Slice', [dy, ...[starts, reach, spatial].map((list) => write.integers(list))]), pads }
}

const axesOf = (context: Context, sizes: readonly number[], kernel: readonly number[]): Window[] =>
  sizes.map((size, axis) => axisOf(context, size, kernel[axis] as number, axis, sizes.length))

function axisOf({ attributes, fail }: Context, input: number, kernel: number, axis: number, rank: number): Window {
  const { auto_pad, pads, strides, dilations, output_padding, output_shape } = attributes
  const stride = strides?.[axis] ?? 1
  const dilation = dilations?.[axis] ?? 1
  const full = stride * (input - 1) + (output_padding?.[axis] ?? 0) + (kernel - 1) * dilation + 1
  // some exporters list batch and channels, too
  const given = output_shape && (output_shape.length === rank ? output_shape[axis] : output_shape[axis + 2])
  const wanted = given ?? (auto_pad.startsWith('SAME') ? input * stride : undefined)
  let [begin, end] = auto_pad === 'VALID' ? [0, 0] : [pads?.[axis] ?? 0, pads?.[axis + rank] ?? 0]
  if (wanted !== undefined) {
    const total = Math.max(0, full - wanted)
    const small = Math.floor(total / 2)
    ;[begin, end] = auto_pad === 'SAME_UPPER' ? [small, total - small] : [total - small, small]
  }
  const output = wanted ?? full - begin - end
  const place = axis + 2
  if (output < 1) fail(`axis ${place} of the output would have ${output} elements`)
  return { input, output, kernel, stride, dilation, padBegin: begin }
}
