import type { GemmCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { requireKind } from '../dtype-kinds'
import { broadcastShape } from '../elementwise'
import { matrixOf, multiplyInto } from '../matrix'
import { defineOperator, FLOAT32, notYetDifferentiable, type InferContext } from '../op'
import { broadcast, broadcastStrides, forEachIndex, mergeDims, type Dims } from '../shapes'

interface Plan {
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
function planOf(aShape: readonly number[], bShape: readonly number[]): Plan {
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

function inferShape(context: InferContext<Record<never, never>>): Dims | undefined {
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

/**
 * y = a · b over the last two axes, as numpy.matmul: the axes before them broadcast, vectors are a row or a column.
 * Shapes: a [..., m, k], b [..., k, n], y [..., m, n].
 */
export const matMul = defineOperator({
  name: 'MatMul',
  domain: '',
  attributes: {},
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'number')
    if (context.dtype(0) !== context.dtype(1))
      context.fail(`both inputs must have one type, not ${context.dtype(0)} and ${context.dtype(1)}`)
    return [{ dtype: context.dtype(0), shape: inferShape(context) }]
  },
  reference(context, a, b) {
    const { m, n, k, shape, batches } = planOf(a!.shape, b!.shape)
    const result = context.empty(a!.dtype, shape)
    const [left, right] = [matrixOf(a!), matrixOf(b!)]
    batches.forEach((offsets, i) =>
      multiplyInto(result, i * m * n, { ...left, offset: offsets.a }, { ...right, offset: offsets.b }, [m, n, k]),
    )
    return [result]
  },
  gradient: notYetDifferentiable,
  lower(context) {
    const [a, b, output] = [context.input(0), context.input(1), context.output(0)]
    if (!['float32', 'int32', 'uint32'].includes(a.dtype)) return null
    const { m, n, k, batches } = planOf(a.shape, b.shape)
    if (m * n * k * batches.length === 0) return [{ kernel: 'fill', output, value: 0 }]
    const transposes = { transposeA: false, transposeB: false, alpha: 1 }
    return [{ kernel: 'gemm', a, b, output, m, n, k, ...transposes, batches } satisfies GemmCall]
  },
  tolerance: FLOAT32,
})
