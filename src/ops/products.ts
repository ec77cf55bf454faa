/** Shapes of products of matrices as in numpy.matmul: the axes before them broadcast, vectors are a row or a column. */
import { elementCount } from '../core/dtypes'
import type { AttributeSchema } from './attributes'
import { broadcastShape } from './elementwise'
import type { InferContext } from './op'
import { broadcast, broadcastStrides, forEachIndex, mergeDims, type Dims } from './shapes'

/** Sizes and offsets of the products of two batches of matrices. */
export interface ProductPlan {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly shape: readonly number[]
  readonly batches: readonly { readonly a: number; readonly b: number }[]
}

/** [k] is a row before the product and a column after it; the added axis is dropped from the result. */
const asMatrix = <D>(shape: readonly D[], isLeft: boolean, one: D): readonly D[] =>
  shape.length > 1 ? shape : isLeft ? [one, shape[0] as D] : [shape[0] as D, one]

/** Sizes and offsets of every product, for shapes that fit. */
export function productPlan(aShape: readonly number[], bShape: readonly number[]): ProductPlan {
  const a = asMatrix(aShape, true, 1)
  const b = asMatrix(bShape, false, 1)
  const [m, k, n] = [a.at(-2)!, a.at(-1)!, b.at(-1)!]
  const lead = broadcastShape(a.slice(0, -2), b.slice(0, -2))
  const shape = [...lead, ...(aShape.length > 1 ? [m] : []), ...(bShape.length > 1 ? [n] : [])]
  // one matrix for all of a: its batch is only more rows
  if (elementCount(b.slice(0, -2)) === 1 && elementCount(lead) === elementCount(a.slice(0, -2))) {
    return { m: elementCount(lead) * m, n, k, shape, batches: [{ a: 0, b: 0 }] }
  }
  const batches: { a: number; b: number }[] = []
  const strides = [a, b].map((matrix) => broadcastStrides(matrix.slice(0, -2), lead))
  forEachIndex(lead, strides, (_, offsets) => batches.push({ a: offsets[0]! * m * k, b: offsets[1]! * k * n }))
  return { m, n, k, shape, batches }
}

/** Of inputs 0 and 1. */
export function productShape<S extends AttributeSchema>(context: InferContext<S>): Dims | undefined {
  const [aShape, bShape] = [context.shape(0), context.shape(1)]
  if (aShape?.length === 0 || bShape?.length === 0) context.fail('a scalar cannot be multiplied as a matrix')
  if (!aShape || !bShape) return undefined
  const a = asMatrix(aShape, true, 1)
  const b = asMatrix(bShape, false, 1)
  if (mergeDims(a.at(-1)!, b.at(-2)!) === undefined) {
    context.fail(`the inner sizes ${a.at(-1)} and ${b.at(-2)} differ`)
  }
  const lead = broadcast([a.slice(0, -2), b.slice(0, -2)])
  if ('problem' in lead) context.fail(`in the axes before the matrices ${lead.problem}`)
  return [...(lead.shape ?? []), ...(aShape.length > 1 ? [a.at(-2)!] : []), ...(bShape.length > 1 ? [b.at(-1)!] : [])]
}
