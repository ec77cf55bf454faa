import { f32, i64, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'sorted', operator: 'Unique', inputs: [f32([6], [2, 1, 1, 3, 4, 3])], outputs: 4 },
  {
    name: 'in the order of the input',
    operator: 'Unique',
    attributes: { sorted: 0 },
    inputs: [f32([6], [2, 1, 1, 3, 4, 3])],
    outputs: 4,
  },
  {
    name: 'rows',
    operator: 'Unique',
    attributes: { axis: 0 },
    inputs: [f32([3, 3], [1, 0, 0, 1, 0, 0, 0, 3, 4])],
    outputs: 4,
  },
  {
    name: 'columns, unsorted',
    operator: 'Unique',
    attributes: { axis: -1, sorted: 0 },
    inputs: [i64([2, 4], [3, 1, 3, 1, 0, 2, 0, 5])],
    outputs: 4,
  },
  { name: 'one output of a matrix', operator: 'Unique', inputs: [i64([2, 2], [7, -7, 7, 0])] },
  // onnxruntime-web fails on outputs without a name
  {
    name: 'only the counts besides',
    operator: 'Unique',
    inputs: [i64([3], [5, 4, 5])],
    outputs: [true, false, false, true],
    expected: [i64([2], [4, 5]), i64([2], [1, 2])],
  },
]
