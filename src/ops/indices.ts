/** Indices that operators take as an input. */
import { integersOf, type HostArray } from '../core/host-array'
import type { AttributeSchema } from './attributes'
import type { InferContext, NodeView } from './op'

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
