import type { Expression, GatherCall, MapCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { hostArray, isBig, numbersOf, setValue, type HostArray } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { copyCall, type Move } from '../movement'
import { PLUME, shapeValue } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32, type LowerContext } from '../op'
import { resampleAll, resampleCalls, type AxisTable } from '../resampling'
import { axesOf, checkLength, resizeAttributes, resizeNode, scalesOf, tablesOf } from '../resize-tables'
import { forEachIndex, stridesOf, type Dims } from '../shapes'

/**
 * Resamples along any axes (ONNX Resize-19): inputs x, roi, scales, sizes. Where the specification leaves room it does as
 * onnxruntime: align_corners counts whole output places, and with a policy the common scale gives the coordinates too.
 */
export const resize = defineOperator({
  name: 'Resize',
  domain: '',
  attributes: resizeAttributes,
  inputs: [1, 4],
  infer(context) {
    const { mode, coordinate_transformation_mode, keep_aspect_ratio_policy } = context.attributes
    if (mode !== 'nearest') requireKind(context, 0, 'number')
    if (coordinate_transformation_mode === 'tf_crop_and_resize' && !context.has(1))
      context.fail('its coordinates want a roi')
    const dtype = context.dtype(0)
    const shape = context.shape(0)
    if (!shape) return [{ dtype, shape: undefined }]
    const axes = axesOf(context, shape.length)
    const [scales, sizes] = [presentList(context, 2), presentList(context, 3)]
    if (!scales && !sizes) context.fail('it needs scales or sizes')
    if (scales && sizes) context.fail('it takes scales or sizes, not both')
    const unknown = shape.map((dim, axis) => (axes.includes(axis) ? null : dim))
    const isKept = sizes && keep_aspect_ratio_policy !== 'stretch'
    if (isKept || scales) {
      const values = scales ? scales.value && numbersOf(scales.value) : sizes!.value && numbersOf(sizes!.value)
      if (!values) return [{ dtype, shape: unknown }]
      const wanted = scalesOf(context, shape, axes, scales ? [...values] : undefined, scales ? undefined : [...values])
      return [{ dtype, shape: wanted.shape }]
    }
    const dims = context.dims(3)
    if (!dims) return [{ dtype, shape: unknown }]
    checkLength(context, 'sizes', dims.length, axes.length)
    return [{ dtype, shape: shape.map((dim, axis) => (axes.includes(axis) ? dims[axes.indexOf(axis)]! : dim)) }]
  },
  reference(context, x, roi, scales, sizes) {
    const tables = tablesOf(context, x!.shape, roi, scales, sizes)
    const result = context.empty(
      x!.dtype,
      tables.map(({ newSize }) => newSize),
    )
    if (context.attributes.mode === 'nearest') takeNearest(x!, tables, result)
    else if (result.values.length > 0) {
      const numbers = resampleAll(numbersOf(x!), x!.shape, tables)
      for (let i = 0; i < numbers.length; i++) {
        if (result.values instanceof Float32Array || result.values instanceof Float64Array)
          result.values[i] = numbers[i]!
        else setValue(result, i, Math.trunc(numbers[i]!))
      }
    }
    extrapolate(result, tables, context.attributes.extrapolation_value)
    return [result]
  },
  gradient: differentiable<typeof resizeAttributes>(({ write, attributes, has, input, gradient }) => {
    const lists = [1, 2, 3].map((place) => (has(place) ? input(place) : undefined))
    const shape = shapeValue(write, input(0))
    return [write.add('ResizeGradient', [gradient(0), shape, ...lists], resizeNode(attributes), PLUME)]
  }),
  lower(context) {
    const [x, y] = [context.input(0), context.output(0)]
    const lists = [1, 2, 3].map((input) => (context.has(input) ? context.constant(input) : undefined))
    if ([1, 2, 3].some((input, i) => context.has(input) && !lists[i])) return null
    const tables = tablesOf(context, x.shape, ...(lists as [HostArray?, HostArray?, HostArray?]))
    if (tables.every(({ isIdentity }) => isIdentity)) return [{ kernel: 'alias', input: x, output: y }]
    if (elementCount(y.shape) === 0) return null
    const isCut = tables.some(({ outside }) => outside.length > 0)
    if (x.dtype === 'float32') {
      const inside = isCut ? context.scratch('float32', y.shape) : y
      const calls = resampleCalls(x, inside, tables, (shape) => context.scratch('float32', shape))
      return isCut ? [...calls, extrapolation(context, inside, y, tables)] : calls
    }
    if (isCut || context.attributes.mode !== 'nearest') return null
    // whole multiples of nearest neighbours only repeat elements, of any type
    const factors = tables.map(repetition)
    if (factors.every((factor) => factor !== undefined)) return [copyCall(x, y, repeatMove(x.shape, factors))]
    return gatherCalls(context, x, y, tables)
  },
  tolerance: { ...FLOAT32, absolute: 1e-5, reason: 'coordinates in single precision' },
})

/** y = the extrapolation value where a place lies outside along any axis, else x. */
function extrapolation(
  context: LowerContext<typeof resizeAttributes>,
  x: Operand,
  y: Operand,
  tables: readonly AxisTable[],
): MapCall {
  const masks = tables.flatMap(({ outside, newSize }, axis) => {
    if (outside.length === 0) return []
    const shape = x.shape.map((_, other) => (other === axis ? newSize : 1))
    const places = Array.from({ length: newSize }, (_, place) => Number(outside.includes(place)))
    return [context.store(hostArray('float32', shape, places))]
  })
  const expression = masks.reduce<Expression>(
    (otherwise, _, i) => ({
      select: { input: i + 1 },
      then: { constant: context.attributes.extrapolation_value },
      otherwise,
    }),
    { input: 0 },
  )
  return { kernel: 'map', expression, inputs: [x, ...masks], output: y }
}

/** Nearest neighbours of any type, one axis after the other. */
function gatherCalls(
  context: LowerContext<typeof resizeAttributes>,
  x: Operand,
  y: Operand,
  tables: readonly AxisTable[],
): readonly GatherCall[] {
  const axes = [...tables.keys()].filter((axis) => !tables[axis]!.isIdentity)
  let current = x
  return axes.map((axis, step) => {
    const { size, newSize, indices } = tables[axis]!
    const { shape } = current
    const output = step === axes.length - 1 ? y : context.scratch(x.dtype, shape.with(axis, newSize))
    const call: GatherCall = {
      kernel: 'gather',
      input: current,
      indices: context.store(hostArray('int64', [newSize], indices)),
      output,
      outer: elementCount(shape.slice(0, axis)),
      size,
      count: newSize,
      inner: elementCount(shape.slice(axis + 1)),
    }
    current = output
    return call
  })
}

/** Each element goes to as many places as its axes' factors say. */
function repeatMove(shape: readonly number[], factors: readonly number[]): Move {
  const from = stridesOf(shape)
  const to = stridesOf(shape.map((size, axis) => size * factors[axis]!))
  return {
    sizes: shape.flatMap((size, axis) => [size, factors[axis]!]),
    inputStrides: from.flatMap((stride) => [stride, 0]),
    inputOffset: 0,
    outputStrides: to.flatMap((stride, axis) => [stride * factors[axis]!, stride]),
    outputOffset: 0,
  }
}

/** How often every element follows itself, where the table says nothing else. */
function repetition({ size, newSize, taps, indices, weights }: AxisTable): number | undefined {
  const factor = newSize / size
  if (taps !== 1 || !Number.isInteger(factor)) return undefined
  const repeats = indices.every((index, place) => index === Math.floor(place / factor) && weights[place] === 1)
  return repeats ? factor : undefined
}

/** scales or sizes; an empty list means none, as models write where opset 11 had no way to leave one out. */
function presentList(
  context: {
    has(input: number): boolean
    shape(input: number): Dims | undefined
    constant(input: number): HostArray | undefined
  },
  input: number,
): { readonly value: HostArray | undefined } | undefined {
  if (!context.has(input) || context.shape(input)?.[0] === 0) return undefined
  return { value: context.constant(input) }
}

/** Elements of any type: only moved. */
function takeNearest(x: HostArray, tables: readonly AxisTable[], result: HostArray): void {
  const strides = stridesOf(x.shape)
  const offsets = tables.map(({ indices }, axis) => indices.map((index) => index * strides[axis]!))
  const rows = tables.length === 0 ? [0] : offsets.at(-1)!
  const sizes = tables.slice(0, -1).map(({ newSize }) => newSize)
  const steps = stridesOf(sizes)
  let target = 0
  forEachIndex(sizes, [], (position) => {
    let base = 0
    for (let axis = 0; axis < sizes.length; axis++)
      base += offsets[axis]![Math.floor(position / steps[axis]!) % sizes[axis]!]!
    for (const row of rows) result.values[target++] = x.values[base + row]!
  })
}

/** Places outside of the input along any axis. */
function extrapolate(result: HostArray, tables: readonly AxisTable[], value: number): void {
  const strides = stridesOf(result.shape)
  tables.forEach(({ outside }, axis) => {
    if (outside.length === 0) return
    const sizes = result.shape.with(axis, 1)
    for (const place of outside) {
      forEachIndex(sizes, [strides], (_, [at]) => {
        setValue(result, at! + place * strides[axis]!, isBig(result.dtype) ? BigInt(Math.trunc(value)) : value)
      })
    }
  })
}
