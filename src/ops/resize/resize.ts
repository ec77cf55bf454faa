import type { KernelCall } from '../../backends/kernel-calls'
import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import * as a from '../attributes'
import { defineOperator, notYetDifferentiable, type NodeView } from '../op'
import { around, normalizeAxes } from '../shapes'
import { COORDINATES, NEAREST, tableOf, type AxisSizes, type AxisTable } from './resize-axis'

const attributes = {
  antialias: a.flag(false),
  axes: a.optional(a.ints()),
  coordinate_transformation_mode: a.choice(COORDINATES, 'half_pixel'),
  cubic_coeff_a: a.float(-0.75),
  exclude_outside: a.flag(false),
  extrapolation_value: a.float(0),
  keep_aspect_ratio_policy: a.choice(['stretch', 'not_larger', 'not_smaller'], 'stretch'),
  mode: a.choice(['nearest', 'linear', 'cubic'], 'nearest'),
  nearest_mode: a.choice(NEAREST, 'round_prefer_floor'),
}

type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

/** Values of the inputs that say how large the output is. */
interface Wishes {
  readonly roi: readonly number[] | undefined
  readonly scales: readonly number[] | undefined
  readonly sizes: readonly number[] | undefined
}

/** Resampling along any axes, one after the other (ONNX Resize-19). */
export const resize = defineOperator({
  name: 'Resize',
  domain: '',
  attributes,
  inputs: [1, 4],
  infer(context) {
    const x = context.shape(0)
    const dtype = context.dtype(0)
    if (!x) return [{ dtype, shape: undefined }]
    const wishes = wishesOf((input) => (context.has(input) ? context.constant(input) : undefined))
    const isKnown = x.every((dim) => typeof dim === 'number')
    if (isKnown && (wishes.scales || wishes.sizes)) {
      return [{ dtype, shape: axesOf(context, x as readonly number[], wishes).map(({ output }) => output) }]
    }
    const touched = new Set(touchedAxes(context, x.length))
    const shape: Dim[] = x.map((dim, axis) => {
      if (!touched.has(axis)) return dim
      const at = [...touched].indexOf(axis)
      return wishes.sizes && context.attributes.keep_aspect_ratio_policy === 'stretch'
        ? (wishes.sizes[at] ?? null)
        : null
    })
    return [{ dtype, shape }]
  },
  reference(context, x, roi, scales, sizes) {
    const axes = axesOf(
      context,
      x!.shape,
      wishesOf((input) => [undefined, roi, scales, sizes][input]),
    )
    let values: ArrayLike<number> = numbersOf(x!)
    let shape = [...x!.shape]
    const outside: boolean[][] = []
    axes.forEach((axis, i) => {
      const table = tableOf(axis, optionsOf(context))
      outside.push([...table.outside])
      if (isIdentity(axis, table)) return
      values = resample(values, shape, i, axis.output, table)
      shape = shape.map((size, at) => (at === i ? axis.output : size))
    })
    const result = context.empty(x!.dtype, shape)
    for (let i = 0; i < result.values.length; i++) result.values[i] = values[i] as number
    if (outside.some((places) => places.includes(true)))
      extrapolate(result, outside, context.attributes.extrapolation_value)
    return [result]
  },
  gradient: notYetDifferentiable,
  lower(context) {
    let from = context.input(0)
    const output = context.output(0)
    const known = (input: number) => (context.has(input) ? context.constant(input) : undefined)
    const wishes = wishesOf(known)
    if (from.dtype !== 'float32' || !(wishes.scales || wishes.sizes)) return null
    const axes = axesOf(context, from.shape, wishes)
    const steps = axes
      .map((axis, at) => ({ axis, at, table: tableOf(axis, optionsOf(context)) }))
      .filter(({ axis, table }) => !isIdentity(axis, table))
    if (steps.some(({ table }) => table.outside.includes(true))) return null
    if (steps.length === 0) return [{ kernel: 'alias', input: from, output }]
    return steps.map(({ axis, at, table }, i): KernelCall => {
      const shape = from.shape.map((size, k) => (k === at ? axis.output : size))
      const to = i === steps.length - 1 ? output : context.scratch('float32', shape)
      const { outer, size, inner } = around(from.shape, at)
      const { taps, indices, weights } = table
      const call: KernelCall = {
        kernel: 'resample',
        input: from,
        output: to,
        outer,
        size,
        newSize: axis.output,
        inner,
        taps,
        indices,
        weights,
      }
      from = to
      return call
    })
  },
  tolerance: {
    absolute: 1e-5,
    relative: 1e-4,
    reason: 'coordinates in double precision, onnxruntime has them in single',
  },
})

function wishesOf(valueOf: (input: number) => HostArray | undefined): Wishes {
  const list = (input: number, read: (array: HostArray) => ArrayLike<number>) => {
    const array = valueOf(input)
    // an empty list is how exporters leave an input out
    return array && array.values.length > 0 ? Array.from(read(array)) : undefined
  }
  return { roi: list(1, numbersOf), scales: list(2, numbersOf), sizes: list(3, integersOf) }
}

const touchedAxes = (context: Context, rank: number): number[] => {
  const { axes } = context.attributes
  // roi, scales and sizes are in the order that `axes` has
  if (!axes) return Array.from({ length: rank }, (_, axis) => axis)
  normalizeAxes(context, axes, rank)
  return axes.map((axis) => (axis < 0 ? axis + rank : axis))
}

const optionsOf = ({ attributes: given }: Context) => ({
  mode: given.mode,
  coordinates: given.coordinate_transformation_mode,
  nearest: given.nearest_mode,
  cubicA: given.cubic_coeff_a,
  isAntialiased: given.antialias,
  excludesOutside: given.exclude_outside,
})

/** Sizes and scale of every axis; those that are not resized have scale 1. */
function axesOf(context: Context, shape: readonly number[], wishes: Wishes): AxisSizes[] {
  const touched = touchedAxes(context, shape.length)
  const { scales, sizes, roi } = wishes
  if ((scales === undefined) === (sizes === undefined)) context.fail('exactly one of scales and sizes must be given')
  for (const [name, list, wanted] of [
    ['scales', scales, touched.length],
    ['sizes', sizes, touched.length],
  ] as const) {
    if (list && list.length !== wanted) context.fail(`${name} has ${list.length} entries for ${wanted} axes`)
    if (list?.some((value) => !(value > 0))) context.fail(`${name} must be positive, not ${list.join(', ')}`)
  }
  const isCropping = context.attributes.coordinate_transformation_mode === 'tf_crop_and_resize'
  if (isCropping && roi?.length !== 2 * touched.length) context.fail('roi must have a start and an end for every axis')
  const common = sizes && commonScale(context, shape, touched, sizes)
  return shape.map((input, axis) => {
    const at = touched.indexOf(axis)
    if (at === -1) return { input, output: input, scale: 1, roi: [0, 1] }
    const part: [number, number] = isCropping ? [roi![at]!, roi![at + touched.length]!] : [0, 1]
    if (scales) {
      const scale = scales[at] as number
      // the product in single precision: 2.3 × 10 is 23, though 2.3 is stored a little smaller
      return { input, output: Math.floor(Math.fround(input * (part[1] - part[0]) * scale)), scale, roi: part }
    }
    const output = common === undefined ? (sizes![at] as number) : Math.floor(common * input + 0.5)
    return { input, output, scale: common ?? output / (input * (part[1] - part[0])), roi: part }
  })
}

/** The one scale of all axes where the ratio of sides is kept. */
function commonScale(
  context: Context,
  shape: readonly number[],
  touched: readonly number[],
  sizes: readonly number[],
): number | undefined {
  const policy = context.attributes.keep_aspect_ratio_policy
  if (policy === 'stretch') return undefined
  const ratios = touched.map((axis, i) => (sizes[i] as number) / (shape[axis] as number))
  return policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
}

const isIdentity = ({ input, output }: AxisSizes, { taps, indices, weights, outside }: AxisTable): boolean =>
  input === output &&
  !outside.includes(true) &&
  weights.every((weight, i) => weight === 0 || (weight === 1 && indices[i] === Math.floor(i / taps)))

function resample(
  values: ArrayLike<number>,
  shape: readonly number[],
  axis: number,
  output: number,
  table: AxisTable,
): Float64Array {
  const { outer, size, inner } = around(shape, axis)
  const { taps, indices, weights } = table
  const result = new Float64Array(outer * output * inner)
  for (let o = 0; o < outer; o++) {
    for (let place = 0; place < output; place++) {
      for (let i = 0; i < inner; i++) {
        let sum = 0
        for (let t = place * taps; t < (place + 1) * taps; t++) {
          const weight = weights[t] as number
          if (weight !== 0) sum += weight * (values[(o * size + (indices[t] as number)) * inner + i] as number)
        }
        result[(o * output + place) * inner + i] = sum
      }
    }
  }
  return result
}

/** Places that lie outside along any axis have the value that was given for them. */
function extrapolate(result: HostArray, outside: readonly (readonly boolean[])[], value: number): void {
  result.shape.forEach((_, axis) => {
    const { outer, size, inner } = around(result.shape, axis)
    for (let place = 0; place < size; place++) {
      if (!outside[axis]?.[place]) continue
      for (let o = 0; o < outer; o++) {
        const start = (o * size + place) * inner
        for (let i = start; i < start + inner; i++) result.values[i] = value
      }
    }
  })
}
