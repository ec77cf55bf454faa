import type { Window } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { defineOperator, differentiable, FLOAT32, type NodeView } from '../op'
import { mergeDims, stridesOf, type Dims } from '../shapes'
import { outputDims, tapsOf, windowsOf, type SpatialOptions } from '../spatial'
import { deformConvGradient, knownSizes } from './gradient'
import { lowerDeformConv } from './deform-conv-lower'

export const attributes = {
  dilations: a.optional(a.ints()),
  group: a.int(1),
  kernel_shape: a.optional(a.ints()),
  offset_group: a.int(1),
  pads: a.optional(a.ints()),
  strides: a.optional(a.ints()),
}

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

const optionsOf = ({ attributes }: Context, kernel: readonly number[]): SpatialOptions => ({
  kernel,
  strides: attributes.strides,
  dilations: attributes.dilations,
  pads: attributes.pads,
  autoPad: 'NOTSET',
  isCeil: false,
})

/**
 * A convolution that reads beside its places: each tap is moved by an offset of its own, interpolated between elements,
 * and weighed by a mask (ONNX DeformConv-22; Zhu et al., "Deformable ConvNets v2", 2018). x [N, C, …], w [O, C / group, …],
 * offset [N, groups · taps · axes, …output], bias [O], mask [N, groups · taps, …output]. Outside of x lie zeros.
 */
export const deformConv = defineOperator({
  name: 'DeformConv',
  domain: '',
  attributes,
  inputs: [3, 5],
  infer(context) {
    requireKind(context, 0, 'float')
    for (let i = 1; i < context.inputCount; i++) {
      if (context.has(i) && context.dtype(i) !== context.dtype(0)) context.fail('all inputs must have one type')
    }
    const [x, w, offset] = [context.shape(0), context.shape(1), context.shape(2)]
    const rank = (x ?? w ?? offset)?.length
    if (rank === undefined) return [{ dtype: context.dtype(0), shape: undefined }]
    if (rank < 3) context.fail('the input must be [N, C, …] with at least one spatial axis')
    if (x && w) checkChannels(context, x, w, context.has(3) ? context.shape(3) : undefined)
    const kernel = w?.slice(2)
    const known = kernel?.every((dim) => typeof dim === 'number')
      ? (kernel as number[])
      : context.attributes.kernel_shape
    const spatial =
      x && known ? outputDims(context, x.slice(2), optionsOf(context, known)) : new Array<null>(rank - 2).fill(null)
    if (known) {
      const taps = elementCount(known) * context.attributes.offset_group
      checkField(context, 'offset', offset, taps * (rank - 2), spatial)
      checkField(context, 'mask', context.has(4) ? context.shape(4) : undefined, taps, spatial)
    }
    return [{ dtype: context.dtype(0), shape: [x?.[0] ?? null, w?.[0] ?? null, ...spatial] }]
  },
  reference(context, x, w, offset, bias, mask) {
    const { group, offset_group } = context.attributes
    const [batch, channels, ...sizes] = x!.shape as [number, number, ...number[]]
    const [outputs, perGroup, ...kernel] = w!.shape as [number, number, ...number[]]
    const axes = windowsOf(context, sizes, optionsOf(context, kernel))
    const result = context.empty(x!.dtype, [batch, outputs, ...axes.map(({ output }) => output)])
    const [image, weights, biases] = [numbersOf(x!), numbersOf(w!), bias && numbersOf(bias)]
    const read = fieldReader(axes, offset_group, numbersOf(offset!), mask && numbersOf(mask))
    const [taps, inSize] = [elementCount(kernel), elementCount(sizes)]
    const outSize = elementCount(axes.map(({ output }) => output))
    // what the kernel sees at one place: [C, taps]
    const column = new Float64Array(channels * taps)
    for (let n = 0; n < batch; n++) {
      for (let place = 0; place < outSize; place++) {
        for (let part = 0; part < offset_group; part++) {
          for (let tap = 0; tap < taps; tap++) {
            const [offsets, shares] = read(n, part, tap, place)
            const each = channels / offset_group
            for (let c = part * each; c < (part + 1) * each; c++) {
              let sum = 0
              const from = (n * channels + c) * inSize
              for (let i = 0; i < offsets.length; i++) sum += shares[i]! * image[from + offsets[i]!]!
              column[c * taps + tap] = sum
            }
          }
        }
        for (let o = 0; o < outputs; o++) {
          const first = Math.floor(o / (outputs / group)) * perGroup * taps
          let sum = biases?.[o] ?? 0
          for (let i = 0; i < perGroup * taps; i++) sum += column[first + i]! * weights[o * perGroup * taps + i]!
          result.values[(n * outputs + o) * outSize + place] = sum
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const kernel = knownSizes(context, 1)
    return deformConvGradient(context, windowsOf(context, knownSizes(context, 0), optionsOf(context, kernel)))
  }),
  lower(context) {
    const { group, offset_group } = context.attributes
    const sizes = context.input(0).shape.slice(2)
    const axes = windowsOf(context, sizes, optionsOf(context, context.input(1).shape.slice(2)))
    return lowerDeformConv(context, { axes, groups: group, parts: offset_group })
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

type Reader = (n: number, part: number, tap: number, place: number) => readonly [number[], number[]]

/** Which elements of a channel one tap reads at one place, and how much of each, mask included. */
function fieldReader(
  axes: readonly Window[],
  parts: number,
  offsets: ArrayLike<number>,
  mask: ArrayLike<number> | undefined,
): Reader {
  const taps = tapsOf(axes)
  const rank = axes.length
  const outputs = axes.map(({ output }) => output)
  const outSize = elementCount(outputs)
  const steps = stridesOf(outputs)
  const strides = stridesOf(axes.map(({ input }) => input))
  return (n, part, tap, place) => {
    const row = (n * parts + part) * taps.length + tap
    let found = [0]
    let shares = [mask ? mask[row * outSize + place]! : 1]
    axes.forEach(({ input, output, stride, padBegin }, axis) => {
      const index = Math.floor(place / steps[axis]!) % output
      const at = index * stride - padBegin + taps[tap]!.offsets[axis]! + offsets[(row * rank + axis) * outSize + place]!
      const low = Math.floor(at)
      const near = [
        [low, 1 - (at - low)],
        [low + 1, at - low],
      ].filter(([i, share]) => i! >= 0 && i! < input && share !== 0) as [number, number][]
      found = found.flatMap((offset) => near.map(([i]) => offset + i * strides[axis]!))
      shares = shares.flatMap((share) => near.map(([, own]) => share * own))
    })
    return [found, shares]
  }
}

function checkChannels(context: Context, x: Dims, w: Dims, bias: Dims | undefined): void {
  const { group, offset_group, kernel_shape } = context.attributes
  const [channels, outputs, perGroup] = [x[1], w[0], w[1]]
  if (w.length !== x.length) context.fail('input and weight must have one rank')
  if (group < 1 || offset_group < 1) context.fail('group and offset_group must be positive')
  if (typeof outputs === 'number' && outputs % group !== 0)
    context.fail(`${outputs} output channels cannot form ${group} groups`)
  if (typeof channels === 'number') {
    if (typeof perGroup === 'number' && channels !== perGroup * group)
      context.fail(`the input has ${channels} channels, and the weight wants ${perGroup} in each of ${group} groups`)
    if (channels % offset_group !== 0)
      context.fail(`${channels} channels cannot form ${offset_group} groups of offsets`)
  }
  if (kernel_shape && w.slice(2).some((dim, axis) => typeof dim === 'number' && dim !== kernel_shape[axis]))
    context.fail(`kernel_shape ${kernel_shape.join(' × ')} is not the weight's`)
  if (bias && (bias.length !== 1 || mergeDims(bias[0] ?? null, outputs ?? null) === undefined))
    context.fail('the bias must have one entry per output channel')
}

function checkField(context: Context, what: string, field: Dims | undefined, rows: number, spatial: Dims): void {
  if (!field) return
  const expected: Dims = [null, rows, ...spatial]
  const fits =
    field.length === expected.length && field.every((dim, axis) => mergeDims(dim, expected[axis]!) !== undefined)
  if (!fits)
    context.fail(
      `${what} must be [N, ${expected
        .slice(1)
        .map((dim) => dim ?? '…')
        .join(', ')}], not [${field.join(', ')}]`,
    )
}
