import { constant, i32, i64, type OperatorCase } from '../../testing/operator-cases'

const [FLOAT64, INT32] = [11, 6]

export const cases: readonly OperatorCase[] = [
  { name: 'many places', operator: 'BlackmanWindow', inputs: [i64([], [301])] },
  { name: 'many places, symmetric', operator: 'BlackmanWindow', attributes: { periodic: 0 }, inputs: [i64([], [130])] },
  { name: 'periodic', operator: 'BlackmanWindow', inputs: [i64([], [7])] },
  {
    name: 'symmetric, a known size',
    operator: 'BlackmanWindow',
    attributes: { periodic: 0 },
    inputs: [constant(i32([], [8]))],
  },
  { name: 'float64', operator: 'BlackmanWindow', attributes: { output_datatype: FLOAT64 }, inputs: [i64([], [5])] },
  {
    name: 'whole numbers',
    operator: 'BlackmanWindow',
    attributes: { output_datatype: INT32, periodic: 0 },
    inputs: [i64([], [3])],
  },
  {
    name: 'a negative size',
    operator: 'BlackmanWindow',
    inputs: [i64([], [-1])],
    error: { name: 'ShapeError', message: 'the size -1 must not be negative' },
  },
  {
    name: 'two sizes',
    operator: 'BlackmanWindow',
    inputs: [i64([2], [3, 4])],
    error: { name: 'ShapeError', message: 'the size must be one number' },
  },
]
