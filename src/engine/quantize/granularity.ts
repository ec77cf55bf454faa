import { gridLayoutOf, type ScaleLayout } from '../../backends/blocks'
import { layoutOf } from '../../backends/segments'
import { assert } from '../../core/errors'

/** Which elements of a tensor share a scale. */
export type Granularity =
  | { readonly kind: 'tensor' }
  /** One scale for each index of `axis`. */
  | { readonly kind: 'channel'; readonly axis: number }
  /** One scale for each run of `size` neighbours along `axis`, for each index of the other axes; the last run may be shorter. */
  | { readonly kind: 'group'; readonly axis: number; readonly size: number }
  /** One scale for each block of these sizes, one size per axis; the last block of an axis may be shorter. */
  | { readonly kind: 'block'; readonly sizes: readonly number[] }

/** Which scale each element of a tensor of this shape has: [outer, channels, inner] wherever that says it. */
export function scaleLayoutOf(shape: readonly number[], granularity: Granularity): ScaleLayout {
  if (granularity.kind === 'tensor') return layoutOf(shape, null)
  checkAxis(shape, granularity)
  if (granularity.kind === 'channel') return layoutOf(shape, granularity.axis)
  return gridLayoutOf(shape, blocksOf(shape, granularity))
}

/**
 * Shape of the scales as DequantizeLinear wants them: [] for one, [C] along an axis, and the tensor's shape with the blocked
 * axes divided by their blocks, rounded up (opset 21, block_size; one axis only there).
 */
export function scaleShapeOf(shape: readonly number[], granularity: Granularity): readonly number[] {
  if (granularity.kind === 'tensor') return []
  checkAxis(shape, granularity)
  if (granularity.kind === 'channel') return [shape[granularity.axis] as number]
  const blocks = blocksOf(shape, granularity)
  return shape.map((size, axis) => Math.ceil(size / (blocks[axis] as number)))
}

function blocksOf(shape: readonly number[], granularity: Granularity & { kind: 'group' | 'block' }): readonly number[] {
  if (granularity.kind === 'block') return granularity.sizes
  return shape.map((_, axis) => (axis === granularity.axis ? granularity.size : 1))
}

function checkAxis(shape: readonly number[], granularity: Granularity): void {
  if (!('axis' in granularity)) return
  const { axis } = granularity
  assert(Number.isInteger(axis) && axis >= 0 && axis < shape.length, `axis ${axis} of [${shape.join(', ')}]`)
}
