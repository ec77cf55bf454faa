import { integersOf, numbersOf, type HostArray } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import { flag } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { MATRIX_LIMIT, resultOf, transformMatrix, transformRow, type Transform } from '../fourier'
import { copyCall, transposeMove } from '../movement'
import { dftGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable, type MaybeArray, type NodeView } from '../op'
import { around, normalizeAxis, type Dims } from '../shapes'

const attributes = { inverse: flag(false), onesided: flag(false) }
type View = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

const numberOf = (array: HostArray): number => integersOf(array)[0]!

function axisOf(view: View, rank: number, given: MaybeArray): number {
  const axis = normalizeAxis(view, given ? numberOf(given) : -2, rank)
  if (axis === rank - 1) view.fail('the last axis holds the real and imaginary part and cannot be transformed')
  return axis
}

/** undefined where the sizes are not known. */
function transformOf(view: View, size: Dim, parts: Dim, length: number | undefined): Transform | undefined {
  const { inverse: isInverse, onesided: isOneSided } = view.attributes
  if (typeof parts === 'number' && parts !== 1 && parts !== 2) view.fail(`the last axis must be 1 or 2, not ${parts}`)
  if (isOneSided && !isInverse && parts === 2) view.fail('onesided needs real numbers')
  if (length !== undefined && length < 1) view.fail(`the length ${length} of the transform must be at least 1`)
  if (typeof size !== 'number' || typeof parts !== 'number') return undefined
  return { size, parts, length: length ?? (isInverse && isOneSided ? 2 * (size - 1) : size), isInverse, isOneSided }
}

/** Discrete Fourier transform along one axis; the last axis holds the real and the imaginary part (or the real one alone). */
export const dft = defineOperator({
  name: 'DFT',
  domain: '',
  attributes,
  inputs: [1, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    const dtype = context.dtype(0)
    const shape = context.shape(0)
    if (!shape) return [{ dtype, shape }]
    if (shape.length < 2) context.fail('the input must have an axis for the parts and another one')
    const given = context.has(2) ? context.constant(2) : undefined
    if (context.has(2) && !given) return [{ dtype, shape: shape.map(() => null) }]
    const axis = axisOf(context, shape.length, given)
    const length = context.has(1) ? context.constant(1) : undefined
    const transform = transformOf(context, shape[axis]!, shape.at(-1)!, length && numberOf(length))
    const { inverse, onesided } = context.attributes
    const parts = inverse && onesided ? 1 : 2
    const isOpen = !transform || (context.has(1) && !length)
    const result: Dims = shape.map((dim, at) => (at === axis ? (isOpen ? null : resultOf(transform)[0]) : dim))
    return [{ dtype, shape: [...result.slice(0, -1), parts] }]
  },
  reference(context, x, length, axisGiven) {
    const axis = axisOf(context, x!.shape.length, axisGiven)
    const { outer, size, inner: innerWithParts } = around(x!.shape, axis)
    const parts = x!.shape.at(-1)!
    const transform = transformOf(context, size, parts, length && numberOf(length))!
    const [count, outParts] = resultOf(transform)
    const inner = innerWithParts / parts
    const shape = x!.shape.map((dim, at) => (at === axis ? count : dim))
    const result = context.empty(x!.dtype, [...shape.slice(0, -1), outParts])
    const values = numbersOf(x!)
    const row = new Float64Array(size * parts)
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        for (let s = 0; s < size; s++)
          for (let p = 0; p < parts; p++) row[s * parts + p] = values[((o * size + s) * inner + i) * parts + p]!
        const found = transformRow(transform, row)
        for (let k = 0; k < count; k++)
          for (let p = 0; p < outParts; p++)
            result.values[((o * count + k) * inner + i) * outParts + p] = found[k * outParts + p]!
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(dftGradient),
  lower(context) {
    const [a, output] = [context.input(0), context.output(0)]
    const [length, axis] = [1, 2].map((input) => (context.has(input) ? context.constant(input) : null))
    if (a.dtype !== 'float32' || length === undefined || axis === undefined) return null
    const along = around(a.shape, axisOf(context, a.shape.length, axis ?? undefined))
    const parts = a.shape.at(-1)!
    const transform = transformOf(context, along.size, parts, length ? numberOf(length) : undefined)!
    const [count, outParts] = resultOf(transform)
    const [outer, inner] = [along.outer, along.inner / parts]
    const [m, n, k] = [outer * inner, count * outParts, transform.size * parts]
    if (n * k > MATRIX_LIMIT || m * n * k === 0) return null
    const b = context.store({ dtype: 'float32', ...transformMatrix(transform) })
    const shared = { m, n, k, transposeA: false, transposeB: false, alpha: 1, batches: [{ a: 0, b: 0 }] }
    if (inner === 1) return [{ kernel: 'gemm', a, b, output, ...shared }]
    // the axis becomes the last but one, and goes back afterwards
    const [rows, found] = [context.scratch('float32', [m, k]), context.scratch('float32', [m, n])]
    return [
      copyCall(a, rows, transposeMove([outer, transform.size, inner, parts], [0, 2, 1, 3])),
      { kernel: 'gemm', a: rows, b, output: found, ...shared },
      copyCall(found, output, transposeMove([outer, inner, count, outParts], [0, 2, 1, 3])),
    ]
  },
  tolerance: { absolute: 1e-5, relative: FLOAT32.relative, reason: 'sines and cosines cancel' },
})
