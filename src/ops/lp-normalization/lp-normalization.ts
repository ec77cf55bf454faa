import { elementCount } from '../../core/dtypes'
import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary, constant, formulaFor, select } from '../elementwise'
import { defineOperator, FLOAT32, differentiable } from '../op'
import { around, normalizeAxis } from '../shapes'

const attributes = { axis: a.int(-1), p: a.int(2) }

/** y = x / (Σ |x|^p)^(1/p) along one axis; rows of zeros stay zeros (ONNX LpNormalization-22). */
export const lpNormalization = defineOperator({
  name: 'LpNormalization',
  domain: '',
  attributes,
  inputs: [1, 1],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    if (x) normalizeAxis(context, context.attributes.axis, x.length)
    if (![1, 2].includes(context.attributes.p)) context.fail(`p must be 1 or 2, not ${context.attributes.p}`)
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x) {
    const { p } = context.attributes
    const { outer, size, inner } = around(x!.shape, normalizeAxis(context, context.attributes.axis, x!.shape.length))
    const values = numbersOf(x!)
    const result = context.empty(x!.dtype, x!.shape)
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        const start = o * size * inner + i
        let sum = 0
        for (let k = 0; k < size; k++) sum += Math.abs(values[start + k * inner] as number) ** p
        const norm = p === 1 ? sum : Math.sqrt(sum)
        for (let k = 0; k < size; k++) {
          result.values[start + k * inner] = norm === 0 ? 0 : (values[start + k * inner] as number) / norm
        }
      }
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>((context) => {
    const { write } = context
    const { axis, p } = context.attributes
    const [x, y, dy] = [context.input(0), context.output(0), context.gradient(0)!]
    const f = formulaFor(context, x)
    const along = write.integers([axis])
    const norm = write.add(p === 1 ? 'ReduceL1' : 'ReduceL2', [x, along])
    const turn = f.mul(p === 1 ? f.of('Sign', x) : y, write.add('ReduceSum', [f.mul(dy, y), along]))
    const isZero = f.equal(norm, 0)
    return [f.where(isZero, 0, f.div(f.sub(dy, turn), f.where(isZero, 1, norm)))]
  }),
  lower(context) {
    const [x, y] = [context.input(0), context.output(0)]
    if (x.dtype !== 'float32' || elementCount(x.shape) === 0) return null
    const axis = normalizeAxis(context, context.attributes.axis, x.shape.length)
    const norms = context.scratch('float32', x.shape.with(axis, 1))
    const reduction = context.attributes.p === 1 ? 'l1' : 'l2'
    const quotient = binary('div', { input: 0 }, { input: 1 })
    const isZero = binary('equal', { input: 1 }, constant(0))
    return [
      { kernel: 'reduce', reduction, input: x, output: norms, ...around(x.shape, axis) },
      { kernel: 'map', expression: select(isZero, constant(0), quotient), inputs: [x, norms], output: y },
    ]
  },
  tolerance: FLOAT32,
})
