/** Elements by index, as NumPy's x[…]: https://numpy.org/doc/2.3/user/basics.indexing.html */
import { ShapeError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import type { AnyTensor } from './tensor'
import { constant, record, type Value } from './value'

export interface Range {
  readonly from?: number | undefined
  readonly to?: number | undefined
  readonly step?: number
}

/** From an index up to another one, which is left out; negative ones count from the end. */
export const range = (from?: number, to?: number, step = 1): Range => ({ from, to, step })
/** A whole axis. */
export const all: Range = {}
/** As many whole axes as there are left. */
export const rest = '...'
/** A new axis of size 1. */
export const newAxis = null

/** An index, a range, a new axis, or a tensor: int64 picks along its axis, bool keeps where it is true. */
export type Index = number | Range | typeof rest | typeof newAxis | AnyTensor

export const ints = (values: readonly number[]): Value => constant(hostArray('int64', [values.length], values))

const isTensor = (index: Index): index is AnyTensor => typeof index === 'object' && index !== null && 'value' in index

/** How many axes an index is for. */
function consumes(index: Index): number {
  if (index === newAxis || index === rest) return 0
  return isTensor(index) && index.dtype === 'bool' ? index.rank : 1
}

/** @throws ShapeError for more indices than axes, and for one out of range */
export function indexed(value: Value, index: readonly Index[]): Value {
  const { shape } = value.type
  if (!shape) throw new ShapeError('A tensor of unknown rank cannot be indexed.')
  const used = index.reduce<number>((sum, one) => sum + consumes(one), 0)
  if (used > shape.length) throw new ShapeError(`${used} indices are given for the shape [${shape.join(', ')}].`)
  const items = index.includes(rest) ? index : [...index, rest as Index]
  const whole = items.flatMap((one) => (one === rest ? new Array<Index>(shape.length - used).fill(all) : [one]))
  return picked(cut(value, whole, shape), whole)
}

/** Ranges and single indices: one slice. Single ones stay as axes of size 1 for now. */
function cut(value: Value, items: readonly Index[], shape: readonly Dim[]): Value {
  const slices: { axis: number; from: number; to: number; step: number }[] = []
  let axis = 0
  for (const item of items) {
    if (typeof item === 'number') {
      const from = checked(item, shape[axis] ?? null, axis)
      slices.push({ axis, from, to: from === -1 ? END : from + 1, step: 1 })
    } else if (item !== newAxis && item !== rest && !isTensor(item)) {
      const { step = 1, from = step > 0 ? 0 : END, to = step > 0 ? END : -END } = item
      if (step === 0) throw new ShapeError('A range cannot have steps of 0.')
      if (item.from !== undefined || item.to !== undefined || step !== 1) slices.push({ axis, from, to, step })
    }
    axis += consumes(item)
  }
  if (slices.length === 0) return value
  const column = (key: 'axis' | 'from' | 'to' | 'step') => ints(slices.map((slice) => slice[key]))
  return record('Slice', [value, column('from'), column('to'), column('axis'), column('step')])
}
const END = 2 ** 31 - 1

function checked(index: number, size: Dim, axis: number): number {
  if (typeof size === 'number' && (index >= size || index < -size)) {
    throw new ShapeError(`The index ${index} does not lie in axis ${axis}, which has ${size} elements.`)
  }
  return index
}

/** Axes that go away, axes that come, and lists. */
function picked(value: Value, items: readonly Index[]): Value {
  let [result, axis] = [value, 0]
  for (const item of items) {
    if (item === newAxis) result = record('Unsqueeze', [result, ints([axis++])])
    else if (typeof item === 'number') result = record('Squeeze', [result, ints([axis])])
    else if (item !== rest && isTensor(item)) {
      result =
        item.dtype === 'bool'
          ? masked(result, item, axis)
          : record('Gather', [result, item.value], attribute.int('axis', axis))
      axis += item.dtype === 'bool' ? 1 : item.rank
    } else axis++
  }
  return result
}

/** Where a mask over one or more axes is true: these axes become one, whose size depends on values. */
function masked(value: Value, mask: AnyTensor, axis: number): Value {
  const { shape = [] } = value.type
  const sizes = shape.map((size, i) => (i < axis ? 0 : size))
  const after = shape.slice(axis + mask.rank)
  const known = [...sizes.slice(0, axis), -1, ...after]
  if (!known.every((size) => typeof size === 'number')) {
    throw new ShapeError(`A mask needs known sizes behind it, and the shape is [${shape.join(', ')}].`)
  }
  const flat = mask.rank === 1 ? value : record('Reshape', [value, ints(known)])
  const condition = mask.rank === 1 ? mask.value : record('Reshape', [mask.value, ints([-1])])
  return record('Compress', [flat, condition], attribute.int('axis', axis))
}
