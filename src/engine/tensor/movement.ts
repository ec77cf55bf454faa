/** The same elements in other places. */
import { elementCount } from '../../core/dtypes'
import { ShapeError } from '../../core/errors'
import { hostArray } from '../../core/host-array'
import { attribute, type Dim } from '../../graph/model'
import { ints } from './indexing'
import type { Size } from './shape-types'
import { constant, record, recordMany, type Value } from './value'

/** @throws ShapeError for a tensor whose rank is not known */
export function axesOf({ type }: Value): readonly Dim[] {
  if (type.shape) return type.shape
  throw new ShapeError('The rank of this tensor is not known.')
}

/** An axis counted from the front. @throws ShapeError */
export function axisOf(value: Value, axis: number): number {
  const { length } = axesOf(value)
  if (Number.isInteger(axis) && axis >= -length && axis < length) return axis < 0 ? axis + length : axis
  throw new ShapeError(`There is no axis ${axis} in the shape [${axesOf(value).join(', ')}].`)
}

/** A symbol stands where the tensor has it. @throws ShapeError */
export function reshape(value: Value, shape: readonly Size[]): Value {
  const sizes = shape.map((size, i) => {
    if (typeof size === 'number') return size
    if (axesOf(value)[i] === size) return 0
    throw new ShapeError(`The open size ${size} does not stand at axis ${i} of [${axesOf(value).join(', ')}].`)
  })
  return record('Reshape', [value, ints(sizes)])
}

export function flatten(value: Value, first: number, last: number): Value {
  const shape = axesOf(value)
  const [from, to] = [axisOf(value, first), axisOf(value, last)]
  const inner = shape.slice(from, to + 1)
  const count = inner.every((size) => typeof size === 'number') ? elementCount(inner) : -1
  const rest = shape.slice(to + 1)
  if (!rest.every((size) => typeof size === 'number')) {
    throw new ShapeError(`Axes behind those that become one must have known sizes: [${shape.join(', ')}].`)
  }
  return record('Reshape', [value, ints([...shape.slice(0, from).map(() => 0), count, ...rest])])
}

export function permute(value: Value, order: readonly number[]): Value {
  return record(
    'Transpose',
    [value],
    attribute.ints(
      'perm',
      order.map((axis) => axisOf(value, axis)),
    ),
  )
}

/** Two axes exchanged. */
export function transpose(value: Value, a: number, b: number): Value {
  const order = axesOf(value).map((_, axis) => axis)
  const [from, to] = [axisOf(value, a), axisOf(value, b)]
  order[from] = to
  order[to] = from
  return permute(value, order)
}

export function flip(value: Value, axis: number): Value {
  const at = ints([axisOf(value, axis)])
  return record('Slice', [value, ints([-1]), ints([-(2 ** 31)]), at, ints([-1])])
}

/** [before, after] of each of the last axes. */
export function pad(value: Value, widths: readonly (readonly [number, number])[], fill: number): Value {
  const axes = widths.map((_, i) => axesOf(value).length - widths.length + i)
  const both = [...widths.map(([before]) => before), ...widths.map(([, after]) => after)]
  const content = constant(hostArray(value.type.dtype, [], [fill]))
  return record('Pad', [value, ints(both), content, ints(axes)])
}

export function split(value: Value, sizes: readonly number[], axis: number): Value[] {
  const attributes = [attribute.int('axis', axisOf(value, axis))]
  return recordMany('Split', [value, ints(sizes)], { attributes, outputs: sizes.length })
}

export function triangle(value: Value, isUpper: boolean, diagonal: number): Value {
  const at = constant(hostArray('int64', [], [diagonal]))
  return record('Trilu', [value, at], attribute.int('upper', isUpper ? 1 : 0))
}

export interface StridedView {
  readonly shape: readonly number[]
  readonly strides: readonly number[]
  readonly offset: number
}

/** @throws ShapeError for a view that leaves the tensor, or one stride too few */
export function strided(value: Value, { shape, strides, offset }: StridedView): Value {
  if (strides.length !== shape.length) {
    throw new ShapeError(`${strides.length} strides are given for the shape [${shape.join(', ')}].`)
  }
  const places = new BigInt64Array(elementCount(shape))
  for (let i = 0; i < places.length; i++) {
    let [left, place] = [i, offset]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (left % (shape[axis] as number)) * (strides[axis] as number)
      left = Math.floor(left / (shape[axis] as number))
    }
    places[i] = BigInt(place)
  }
  const size = axesOf(value).every((one) => typeof one === 'number')
    ? elementCount(axesOf(value) as number[])
    : Infinity
  const wrong = places.find((place) => place < 0n || place >= size)
  if (wrong !== undefined) throw new ShapeError(`The view reaches element ${wrong} of a tensor of ${size} elements.`)
  const flat = record('Reshape', [value, ints([-1])])
  return record('Gather', [flat, constant({ dtype: 'int64', shape, values: places })])
}
