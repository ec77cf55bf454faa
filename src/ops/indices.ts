/** Indices that operators take as an input. */
import type { Blocks } from '../backends/place-calls'
import { elementCount } from '../core/dtypes'
import { integersOf, numbersOf, type HostArray } from '../core/host-array'
import type { AttributeSchema } from './attributes'
import type { InferContext, NodeView } from './op'
import { forEachIndex, normalizeAxis, stridesOf } from './shapes'

/** Refuses indices that are not int64 or int32. */
export function requireIndices<S extends AttributeSchema>(context: InferContext<S>, input: number): void {
  const dtype = context.dtype(input)
  if (dtype !== 'int64' && dtype !== 'int32') context.fail(`indices must be int64 or int32, not ${dtype}`)
}

/** An index in [0, size), counted from the end where negative; else the node's `ShapeError`. */
export function placeOf<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  index: number,
  size: number,
): number {
  const place = index < 0 ? index + size : index
  if (place < 0 || place >= size) context.fail(`the index ${index} must lie in [${-size}, ${size - 1}]`)
  return place
}

/** All indices of an array, in [0, size). */
export const placesOf = <S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  indices: HostArray,
  size: number,
): number[] => integersOf(indices).map((index) => placeOf(context, index, size))

/** Shapes of GatherElements and ScatterElements: indices of the input's rank, nowhere larger but along the axis. */
export function checkElementIndices<S extends AttributeSchema>(context: InferContext<S>, named: number): void {
  requireIndices(context, 1)
  const [shape, indices] = [context.shape(0), context.shape(1)]
  if (!shape) return
  const axis = normalizeAxis(context, named, shape.length)
  if (!indices) return
  if (indices.length !== shape.length) context.fail(`indices have ${indices.length} axes and the input ${shape.length}`)
  const wide = indices.findIndex((dim, i) => {
    const own = shape[i]
    return i !== axis && typeof dim === 'number' && typeof own === 'number' && dim > own
  })
  if (wide >= 0) context.fail(`indices have the size ${indices[wide]} along axis ${wide}, and the input ${shape[wide]}`)
}

/** Flat offset into an array of `shape` of every element that `indices` name along an axis. */
export function elementOffsets<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  shape: readonly number[],
  indices: HostArray,
  named: number,
): number[] {
  const axis = normalizeAxis(context, named, shape.length)
  const strides = stridesOf(shape)
  const numbers = numbersOf(indices)
  const offsets: number[] = []
  forEachIndex(indices.shape, [strides.with(axis, 0)], (position, [rest]) => {
    offsets.push(rest! + placeOf(context, numbers[position] as number, shape[axis]!) * strides[axis]!)
  })
  return offsets
}

/**
 * Flat offset of the block that each tuple of indices names, in the axes from `lead` on of an array of `shape`.
 * Shapes: indices [tuples, depth].
 */
export function tupleOffsets<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  shape: readonly number[],
  indices: HostArray,
  lead = 0,
): number[] {
  const depth = indices.shape.at(-1) as number
  const strides = stridesOf(shape)
  const numbers = numbersOf(indices)
  const tuples = elementCount(indices.shape.slice(0, -1))
  return Array.from({ length: tuples }, (_, tuple) => {
    let offset = 0
    for (let i = 0; i < depth; i++) {
      const place = placeOf(context, numbers[tuple * depth + i] as number, shape[lead + i]!)
      offset += place * strides[lead + i]!
    }
    return offset
  })
}

/** The same as `elementOffsets` for kernels: blocks of one element. */
export function elementBlocks<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  shape: readonly number[],
  indices: readonly number[],
  named: number,
): Blocks {
  const axis = normalizeAxis(context, named, shape.length)
  const strides = stridesOf(shape)
  return { sizes: indices, strides: strides.with(axis, 0), limits: [shape[axis]!], steps: [strides[axis]!], block: 1 }
}

/** The same as `tupleOffsets` for kernels; the first `lead` axes of both go together. Shapes: indices [...tuples, depth]. */
export function tupleBlocks(shape: readonly number[], indices: readonly number[], lead = 0): Blocks {
  const strides = stridesOf(shape)
  const end = lead + (indices.at(-1) as number)
  return {
    sizes: indices.slice(0, -1),
    strides: indices.slice(0, -1).map((_, axis) => (axis < lead ? strides[axis]! : 0)),
    limits: shape.slice(lead, end),
    steps: strides.slice(lead, end),
    block: elementCount(shape.slice(end)),
  }
}
