/** Arithmetic on shapes that may hold symbols, shared by the shape rules of all operators. */
import { elementCount } from '../core/dtypes'
import type { Dim } from '../graph/model'
import type { AttributeSchema } from './attributes'
import type { InferContext, NodeView } from './op'

export type Dims = readonly Dim[]

export const isKnown = (shape: Dims | undefined): shape is readonly number[] =>
  shape !== undefined && shape.every((dim) => typeof dim === 'number')

/** A function of sizes, as long as they are numbers. */
export const mapDim = (dim: Dim, change: (size: number) => number): Dim =>
  typeof dim === 'number' ? change(dim) : null

/** Their product; null where a factor is not known (and none is 0). */
export function product(dims: Dims): Dim {
  if (dims.includes(0)) return 0
  return dims.every((dim) => typeof dim === 'number')
    ? elementCount(dims as number[])
    : dims.length === 1
      ? dims[0]!
      : null
}

/** Where two dims must be one: the more precise of them; undefined where they contradict. */
export function mergeDims(a: Dim, b: Dim): Dim | undefined {
  if (a === b || b === null) return a
  if (a === null) return b
  if (typeof a === 'number') return typeof b === 'number' ? undefined : a
  return b
}

/**
 * NumPy's broadcasting (ONNX, "Broadcasting"); undefined where one rank is not known.
 * @returns a sentence in quotes-free words where the shapes do not fit
 */
export function broadcast(shapes: readonly (Dims | undefined)[]): { shape: Dims | undefined } | { problem: string } {
  if (shapes.some((shape) => shape === undefined)) return { shape: undefined }
  const known = shapes as readonly Dims[]
  const rank = Math.max(0, ...known.map((shape) => shape.length))
  const result: Dim[] = []
  for (let axis = 0; axis < rank; axis++) {
    let dim: Dim = 1
    for (const shape of known) {
      const own = shape[shape.length - rank + axis]
      if (own === undefined || own === 1 || own === dim) continue
      if (dim === 1) dim = own
      else if (typeof own === 'number' && typeof dim === 'number') {
        return { problem: `the sizes ${dim} and ${own} of axis ${axis - rank} differ and neither is 1` }
      } else if (typeof own === 'number') dim = own
      // a symbol beside a number above 1 can only be that number or 1; two symbols may be anything
      else if (typeof dim !== 'number') dim = null
    }
    result.push(dim)
  }
  return { shape: result }
}

/** The broadcast shape of inputs, or the node's `ShapeError`. */
export function broadcastInputs<S extends AttributeSchema>(
  context: InferContext<S>,
  inputs: readonly number[],
): Dims | undefined {
  const found = broadcast(inputs.map((input) => context.shape(input)))
  if ('problem' in found) context.fail(found.problem)
  return found.shape
}

/** Axis in [0, rank), counted from the end where negative; else the node's `ShapeError`. */
export function normalizeAxis<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  axis: number,
  rank: number,
): number {
  const from = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(axis) || from < 0 || from >= rank) {
    context.fail(`axis ${axis} must lie in [${-rank}, ${rank - 1}]`)
  }
  return from
}

/** Distinct axes, ascending. */
export function normalizeAxes<S extends AttributeSchema>(
  context: Pick<NodeView<S>, 'fail'>,
  axes: readonly number[],
  rank: number,
): number[] {
  const found = axes.map((axis) => normalizeAxis(context, axis, rank))
  if (new Set(found).size !== found.length) context.fail(`the axes ${axes.join(', ')} name one axis twice`)
  return found.sort((a, b) => a - b)
}

/** Elements from one index of each axis to the next, row-major. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides: number[] = new Array<number>(shape.length)
  let stride = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis] as number
  }
  return strides
}

/** Strides that read `shape` as if it had the shape `target`: 0 along axes that are repeated. */
export function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const own = stridesOf(shape)
  const lead = target.length - shape.length
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (own[axis - lead] as number)))
}

/**
 * Calls `visit` with the flat offsets of each array, for every index of `sizes` in row-major order.
 * @param strides for each array, one per axis
 */
export function forEachIndex(
  sizes: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (position: number, offsets: readonly number[]) => void,
): void {
  const count = elementCount(sizes)
  const index = new Array<number>(sizes.length).fill(0)
  const offsets = new Array<number>(strides.length).fill(0)
  for (let position = 0; position < count; position++) {
    visit(position, offsets)
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const isCarry = ++(index[axis] as number) >= (sizes[axis] as number)
      for (let k = 0; k < strides.length; k++) {
        const stride = (strides[k] as readonly number[])[axis] as number
        offsets[k] = (offsets[k] as number) + (isCarry ? -stride * ((sizes[axis] as number) - 1) : stride)
      }
      if (!isCarry) break
      index[axis] = 0
    }
  }
}

/** [outer, size, inner] around one axis. */
export function around(shape: readonly number[], axis: number): { outer: number; size: number; inner: number } {
  return {
    outer: elementCount(shape.slice(0, axis)),
    size: shape[axis] ?? 1,
    inner: elementCount(shape.slice(axis + 1)),
  }
}
