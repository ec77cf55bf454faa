import type { GemmCall } from '../../backends/kernel-calls'
import { floatProduct } from '../matrix'
import { ExactSums, centeredValues, checkSide, type Side } from '../integer-sums'
import { defineOperator, EXACT, notDifferentiable } from '../op'
import { productPlan, productShape } from '../products'

/** Zero points of a: one per row; of b: one per column. */
const sidesOf = (a: number | undefined, b: number | undefined): readonly [Side, Side] => [
  { input: 0, zeroPoint: 2, axis: Math.max(0, (a ?? 2) - 2) },
  { input: 1, zeroPoint: 3, axis: Math.max(0, (b ?? 2) - 1) },
]

/**
 * y = (a − zero point) · (b − zero point) in int32, over the last two axes as MatMul. a [..., m, k] with a zero point or [m] of
 * them, b [..., k, n] with a zero point or [n] of them; both int8 or uint8.
 */
export const matMulInteger = defineOperator({
  name: 'MatMulInteger',
  domain: '',
  attributes: {},
  inputs: [2, 4],
  infer(context) {
    const [a, b] = sidesOf(context.shape(0)?.length, context.shape(1)?.length)
    checkSide(context, a, 'A')
    checkSide(context, b, 'B')
    return [{ dtype: 'int32', shape: productShape(context) }]
  },
  reference(context, a, b, aZero, bZero) {
    const { m, n, k, shape, batches } = productPlan(a!.shape, b!.shape)
    const [left, right] = sidesOf(a!.shape.length, b!.shape.length)
    const result = context.empty('int32', shape)
    const view = (values: Float64Array<ArrayBuffer>, offset: number) => ({ values, offset, isTransposed: false })
    const x = centeredValues(a!, aZero, left.axis)
    const y = centeredValues(b!, bZero, right.axis)
    batches.forEach((offsets, i) => {
      const product = floatProduct(view(x, offsets.a), view(y, offsets.b), [m, n, k])
      ;(result.values as Int32Array).set(product, i * m * n)
    })
    return [result]
  },
  gradient: notDifferentiable('integers'),
  lower(context) {
    const [a, b, output] = [context.input(0), context.input(1), context.output(0)]
    const { m, n, k, batches } = productPlan(a.shape, b.shape)
    if (m * n * k * batches.length === 0) return [{ kernel: 'fill', output, value: 0 }]
    const sums = new ExactSums(context)
    const [left, right] = sidesOf(a.shape.length, b.shape.length).map((side) => sums.center(side)) as [Both, Both]
    const transposes = { transposeA: false, transposeB: false, alpha: 1 }
    const isDone = sums.sum([left, right], {
      length: k,
      output,
      multiply: (digit, product) =>
        ({
          kernel: 'gemm',
          a: left.operand,
          b: digit,
          output: product,
          m,
          n,
          k,
          ...transposes,
          batches,
        }) satisfies GemmCall,
      largestSum: (values) => largestColumn(values, k, n),
    })
    return isDone ? sums.calls : null
  },
  tolerance: EXACT,
})

type Both = ReturnType<ExactSums<Record<never, never>>['center']>

/** Of matrices [k, n], one after the other. */
function largestColumn(values: Float64Array, k: number, n: number): number {
  let largest = 0
  for (let from = 0; from < values.length; from += k * n) {
    const sums = new Float64Array(n)
    for (let i = 0; i < k * n; i++) sums[i % n] = sums[i % n]! + Math.abs(values[from + i]!)
    largest = sums.reduce((most, sum) => Math.max(most, sum), largest)
  }
  return largest
}
