import { binary } from '../elementwise'
import { defineOperator, EXACT, notDifferentiable } from '../op'
import { around, normalizeAxis } from '../shapes'
import { axisAttribute, inferRows, mapRows } from '../softmax-rows'

/** 1 where x is the first maximum along one axis, else 0. */
export const hardmax = defineOperator({
  name: 'Hardmax',
  domain: '',
  attributes: axisAttribute,
  inputs: [1, 1],
  infer: inferRows,
  reference: (context, x) =>
    mapRows(context, x!, (row) => {
      let first = 0
      for (let s = 1; s < row.length; s++) if (row[s]! > row[first]!) first = s
      row.fill(0)
      row[first] = 1
    }),
  gradient: notDifferentiable('it is constant between its steps'),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const { shape } = input
    if (input.dtype !== 'float32') return null
    if (shape.length === 0) return [{ kernel: 'fill', output, value: 1 }]
    const axis = normalizeAxis(context, context.attributes.axis, shape.length)
    // float32 cannot tell places apart from there on
    if (shape[axis]! > 2 ** 24) return null
    const first = context.scratch('int64', shape.with(axis, 1))
    const place = context.scratch('float32', first.shape)
    const column = shape.map((size, i) => (i === axis ? size : 1))
    const places = context.store({
      dtype: 'float32',
      shape: column,
      values: Float32Array.from({ length: shape[axis]! }, (_, i) => i),
    })
    return [
      { kernel: 'argReduce', wants: 'max', takesLast: false, input, output: first, ...around(shape, axis) },
      { kernel: 'cast', input: first, output: place },
      { kernel: 'map', expression: binary('equal', { input: 0 }, { input: 1 }), inputs: [places, place], output },
    ]
  },
  tolerance: EXACT,
})
