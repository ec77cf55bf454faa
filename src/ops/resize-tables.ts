/** What Resize and its gradient share: shapes, scales, and a table for each axis. */
import { integersOf, type HostArray } from '../core/host-array'
import { attribute, type Attribute, type Dim } from '../graph/model'
import * as a from './attributes'
import type { Attributes } from './attributes'
import type { NodeView } from './op'
import { axisTable, COORDINATES, NEAREST_MODES, type AxisTable } from './resampling'
import { normalizeAxes, type Dims } from './shapes'

const POLICIES = ['stretch', 'not_larger', 'not_smaller'] as const

export const resizeAttributes = {
  antialias: a.flag(false),
  axes: a.optional(a.ints()),
  coordinate_transformation_mode: a.choice(COORDINATES, 'half_pixel'),
  cubic_coeff_a: a.float(-0.75),
  exclude_outside: a.flag(false),
  extrapolation_value: a.float(0),
  keep_aspect_ratio_policy: a.choice(POLICIES, 'stretch'),
  mode: a.choice(['nearest', 'linear', 'cubic'], 'nearest'),
  nearest_mode: a.choice(NEAREST_MODES, 'round_prefer_floor'),
}

type Context = Pick<NodeView<typeof resizeAttributes>, 'attributes' | 'fail'>

export function axesOf(context: Context, rank: number): number[] {
  const { axes } = context.attributes
  if (!axes) return [...Array(rank).keys()]
  normalizeAxes(context, axes, rank)
  // lists of the node are in this order
  return axes.map((axis) => (axis < 0 ? axis + rank : axis))
}

export function checkLength(context: Context, name: string, found: number, expected: number): void {
  if (found !== expected) context.fail(`${name} has ${found} entries for ${expected} axes`)
}

/** Shape of the output and the scale of every axis; where the input's size is open, so is the output's. */
export function scalesOf(
  context: Context,
  shape: Dims,
  axes: readonly number[],
  scales: readonly number[] | undefined,
  sizes: readonly number[] | undefined,
): { readonly shape: Dim[]; readonly scales: number[] } {
  const result = [...shape]
  const factors = new Array<number>(shape.length).fill(1)
  checkLength(context, scales ? 'scales' : 'sizes', (scales ?? sizes)!.length, axes.length)
  if (scales?.some((scale) => !(scale > 0))) context.fail(`scales must be positive, not ${scales.join(', ')}`)
  if (sizes?.some((size) => size < 0)) context.fail(`sizes must not be negative: ${sizes.join(', ')}`)
  const policy = context.attributes.keep_aspect_ratio_policy
  const ratios = sizes?.map((size, i) => Math.fround(size / Number(shape[axes[i]!] ?? NaN))) ?? []
  const common = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  axes.forEach((axis, i) => {
    const dim = shape[axis]!
    const factor = scales?.[i] ?? (policy === 'stretch' ? ratios[i]! : common)
    factors[axis] = factor
    if (sizes && policy === 'stretch') result[axis] = sizes[i]!
    else if (Number.isNaN(factor) || (typeof dim !== 'number' && factor !== 1)) result[axis] = null
    else if (typeof dim === 'number') {
      const exact = Math.fround(dim * factor)
      result[axis] = sizes ? Math.floor(exact + 0.5) : Math.floor(exact)
    }
  })
  return { shape: result, scales: factors }
}

/** @throws ShapeError through `context.fail` where lists do not fit */
export function tablesOf(
  context: Context,
  shape: readonly number[],
  roi?: HostArray,
  scaleList?: HostArray,
  sizeList?: HostArray,
): AxisTable[] {
  const { attributes } = context
  const axes = axesOf(context, shape.length)
  const listOf = (array: HostArray | undefined) => (array && array.values.length > 0 ? integersOf(array) : undefined)
  const found = scalesOf(context, shape, axes, listOf(scaleList), listOf(sizeList))
  const isCropped = attributes.coordinate_transformation_mode === 'tf_crop_and_resize'
  const box = isCropped && roi ? integersOf(roi) : undefined
  if (box) checkLength(context, 'roi', box.length, 2 * axes.length)
  return shape.map((size, axis) => {
    const place = axes.indexOf(axis)
    const newSize = found.shape[axis] as number
    if (size === 0 && newSize > 0) context.fail(`axis ${axis} has no elements to take ${newSize} from`)
    return axisTable(
      {
        mode: attributes.mode,
        // an axis that is not named stays as it is
        coordinates: place < 0 ? 'asymmetric' : attributes.coordinate_transformation_mode,
        nearest: attributes.nearest_mode,
        cubicA: attributes.cubic_coeff_a,
        isAntialiased: attributes.antialias && attributes.mode !== 'nearest',
        excludesOutside: attributes.exclude_outside,
      },
      {
        size,
        newSize,
        scale: found.scales[axis]!,
        start: box && place >= 0 ? box[place]! : 0,
        end: box && place >= 0 ? box[place + axes.length]! : 1,
      },
    )
  })
}

/** The attributes of a node again, for its gradient's. */
export const resizeNode = (own: Attributes<typeof resizeAttributes>): (Attribute | undefined)[] => [
  attribute.int('antialias', Number(own.antialias)),
  own.axes && attribute.ints('axes', own.axes),
  attribute.string('coordinate_transformation_mode', own.coordinate_transformation_mode),
  attribute.float('cubic_coeff_a', own.cubic_coeff_a),
  attribute.int('exclude_outside', Number(own.exclude_outside)),
  attribute.string('keep_aspect_ratio_policy', own.keep_aspect_ratio_policy),
  attribute.string('mode', own.mode),
  attribute.string('nearest_mode', own.nearest_mode),
]

/** What each element gives, from what each new place takes: the transpose of a table. */
export function transposedTable({ size, newSize, taps, indices, weights, isIdentity }: AxisTable): AxisTable {
  const lists = Array.from({ length: size }, (): (readonly [number, number])[] => [])
  indices.forEach((index, at) => {
    const weight = weights[at] as number
    if (weight !== 0) lists[index]!.push([Math.floor(at / taps), weight])
  })
  const most = Math.max(1, ...lists.map(({ length }) => length))
  const entries = lists.flatMap((list) => Array.from({ length: most }, (_, tap) => list[tap] ?? ([0, 0] as const)))
  return {
    ...{ size: newSize, newSize: size, taps: most, outside: [], isIdentity },
    indices: entries.map(([place]) => place),
    weights: entries.map(([, weight]) => weight),
  }
}
