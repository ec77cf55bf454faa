import type { GemmCall } from '../../backends/kernel-calls'
import { requireKind } from '../dtype-kinds'
import { matrixOf, multiplyInto } from '../matrix'
import { matMulGradient } from './gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { productPlan, productShape } from '../products'

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
    return [{ dtype: context.dtype(0), shape: productShape(context) }]
  },
  reference(context, a, b) {
    const { m, n, k, shape, batches } = productPlan(a!.shape, b!.shape)
    const result = context.empty(a!.dtype, shape)
    const [left, right] = [matrixOf(a!), matrixOf(b!)]
    batches.forEach((offsets, i) =>
      multiplyInto(result, i * m * n, { ...left, offset: offsets.a }, { ...right, offset: offsets.b }, [m, n, k]),
    )
    return [result]
  },
  gradient: differentiable(matMulGradient),
  lower(context) {
    const [a, b, output] = [context.input(0), context.input(1), context.output(0)]
    if (!['float32', 'int32', 'uint32'].includes(a.dtype)) return null
    const { m, n, k, batches } = productPlan(a.shape, b.shape)
    if (m * n * k * batches.length === 0) return [{ kernel: 'fill', output, value: 0 }]
    const transposes = { transposeA: false, transposeB: false, alpha: 1 }
    return [{ kernel: 'gemm', a, b, output, m, n, k, ...transposes, batches } satisfies GemmCall]
  },
  tolerance: FLOAT32,
})
