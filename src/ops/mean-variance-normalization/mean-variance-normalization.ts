import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor, unary } from '../elementwise'
import { lowerMoments } from '../normalization'
import type { ValueName } from '../gradient'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { forEachIndex, normalizeAxes, stridesOf } from '../shapes'

/** What the specification adds to the deviation before it divides. */
const EPSILON = 1e-9

const attributes = { axes: a.ints([0, 2, 3]) }

/** y = (x − mean) / (√variance + 1e-9), the moments over `axes` (ONNX MeanVarianceNormalization-13). */
export const meanVarianceNormalization = defineOperator({
  name: 'MeanVarianceNormalization',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    if (x) normalizeAxes(context, context.attributes.axes, x.length)
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x) {
    const { shape } = x!
    const axes = new Set(normalizeAxes(context, context.attributes.axes, shape.length))
    const kept = shape.map((size, axis) => (axes.has(axis) ? 1 : size))
    const strides = stridesOf(kept).map((stride, axis) => (axes.has(axis) ? 0 : stride))
    const values = numbersOf(x!)
    const cells = kept.reduce((product, size) => product * size, 1)
    const [sums, squares] = [new Float64Array(cells), new Float64Array(cells)]
    const count = values.length / cells
    forEachIndex(shape, [strides], (at, [cell]) => void (sums[cell!] = sums[cell!]! + (values[at] as number)))
    forEachIndex(shape, [strides], (at, [cell]) => {
      squares[cell!] = squares[cell!]! + ((values[at] as number) - sums[cell!]! / count) ** 2
    })
    const result = context.empty(x!.dtype, shape)
    forEachIndex(shape, [strides], (at, [cell]) => {
      const deviation = Math.sqrt(squares[cell!]! / count)
      result.values[at] = ((values[at] as number) - sums[cell!]! / count) / (deviation + EPSILON)
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const [x, y, dy] = [context.input(0), context.output(0), context.gradient(0)!]
    const f = formulaFor(context, x)
    const axes = write.integers(context.attributes.axes)
    const mean = (value: ValueName) => write.add('ReduceMean', [value, axes])
    const deviation = f.of('Sqrt', mean(f.square(f.sub(x, mean(x)))))
    const turn = f.div(mean(f.mul(dy, y)), f.where(f.equal(deviation, 0), 1, deviation))
    const scaled = f.div(f.sub(dy, mean(dy)), f.add(deviation, EPSILON))
    return [f.sub(scaled, f.mul(y, turn))]
  }),
  lower(context) {
    const [x, output] = [context.input(0), context.output(0)]
    if (x.dtype !== 'float32' || elementCount(x.shape) === 0) return null
    const axes = normalizeAxes(context, context.attributes.axes, x.shape.length)
    const { calls, variance, centered } = lowerMoments(context, x, axes)
    const deviation = binary('add', unary('sqrt', { input: 1 }), constant(EPSILON))
    const expression = binary('div', { input: 0 }, deviation)
    return [...calls, { kernel: 'map', expression, inputs: [centered, variance], output }]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})
