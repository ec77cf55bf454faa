import type { KernelCall } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor, unary } from '../elementwise'
import { shapeOf } from '../gradient'
import { meanSquare } from '../normalization'
import { gradientsOfRows, normalOf } from '../normalization-gradients'
import { defineOperator, differentiable, FLOAT32, type LowerContext } from '../op'
import { broadcastStrides, forEachIndex, normalizeAxis } from '../shapes'

const attributes = { axis: a.int(-1), epsilon: a.float(1e-5), stash_type: a.dtype('float32') }

/** y = x / √(mean of x² + ε) · scale over all axes from `axis` on (ONNX RMSNormalization-23; arXiv:1910.07467). */
export const rmsNormalization = defineOperator({
  name: 'RMSNormalization',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    if (x) normalizeAxis(context, context.attributes.axis, x.length)
    return [{ dtype: context.dtype(1), shape: x }]
  },
  reference(context, x, scale) {
    const axis = normalizeAxis(context, context.attributes.axis, x!.shape.length)
    const size = elementCount(x!.shape.slice(axis))
    const [values, scales] = [numbersOf(x!), numbersOf(scale!)]
    const rows = size === 0 ? 0 : values.length / size
    const factors = Array.from(
      { length: rows },
      (_, row) => 1 / Math.sqrt(meanSquare(values, row * size, size) + context.attributes.epsilon),
    )
    const result = context.empty(scale!.dtype, x!.shape)
    forEachIndex(x!.shape, [broadcastStrides(scale!.shape, x!.shape)], (at, [s]) => {
      result.values[at] = (values[at] as number) * factors[Math.floor(at / size)]! * (scales[s!] as number)
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { epsilon, axis } = context.attributes
    const x = context.input(0)
    const f = formulaFor(context, x)
    const rank = shapeOf(context, x).length
    const first = normalizeAxis(context, axis, rank)
    const axes = Array.from({ length: rank - first }, (_, i) => first + i)
    const own = normalOf(f, x, axes, { kind: 'rms', epsilon })
    return gradientsOfRows(context, f, { own, dy: context.gradient(0) as string })
  }),
  lower(context) {
    const [input, scale] = [context.input(0), context.input(1)]
    const axis = normalizeAxis(context, context.attributes.axis, input.shape.length)
    const size = elementCount(input.shape.slice(axis))
    const isWhole = elementCount(scale.shape) === size && scale.shape.length <= input.shape.length - axis
    if (input.dtype !== 'float32' || scale.dtype !== 'float32' || elementCount(input.shape) === 0) return null
    if (!isWhole) return lowerSteps(context, axis)
    const rows = elementCount(input.shape.slice(0, axis))
    const { epsilon } = context.attributes
    return [
      {
        kernel: 'normalize',
        type: 'rms',
        input,
        output: context.output(0),
        scale,
        rows,
        size,
        epsilon,
        affine: { by: 'element' },
      },
    ]
  },
  tolerance: FLOAT32,
})

/** With a scale of any shape: in steps. */
function lowerSteps(context: LowerContext<typeof attributes>, axis: number): readonly KernelCall[] {
  const [x, scale] = [context.input(0), context.input(1)]
  const kept = x.shape.map((size, at) => (at < axis ? size : 1))
  const squares = context.scratch('float32', kept)
  const size = elementCount(x.shape.slice(axis))
  const mean = binary('mul', { input: 1 }, constant(1 / size))
  const factor = unary('reciprocal', unary('sqrt', binary('add', mean, constant(context.attributes.epsilon))))
  return [
    { kernel: 'reduce', reduction: 'sumSquare', input: x, output: squares, outer: elementCount(kept), size, inner: 1 },
    {
      kernel: 'map',
      expression: binary('mul', binary('mul', { input: 0 }, factor), { input: 2 }),
      inputs: [x, squares, scale],
      output: context.output(0),
    },
  ]
}
