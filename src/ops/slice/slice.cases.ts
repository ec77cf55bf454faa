import { bool, constant, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two axes', operator: 'Slice', inputs: [wave([4, 5]), i64([2], [1, 0]), i64([2], [3, -1])] },
  {
    name: 'constant bounds, steps',
    operator: 'Slice',
    inputs: [
      wave([4, 7]),
      constant(i64([2], [1, 5])),
      constant(i64([2], [9, 0])),
      constant(i64([2], [0, 1])),
      constant(i64([2], [2, -2])),
    ],
  },
  {
    name: 'backwards to the first',
    operator: 'Slice',
    inputs: [wave([5, 2]), i64([1], [-1]), i64([1], [-9223372036854775807n]), i64([1], [0]), i64([1], [-1])],
  },
  {
    name: 'clamped',
    operator: 'Slice',
    inputs: [i64([3], [4, 5, 6]), i64([1], [-9]), i64([1], [9223372036854775807n])],
  },
  {
    name: 'one axis from the end',
    operator: 'Slice',
    inputs: [wave([2, 3, 4]), i32([1], [-2]), i32([1], [2147483647]), i32([1], [-1])],
  },
  { name: 'nothing left', operator: 'Slice', inputs: [wave([3, 2]), i64([1], [2]), i64([1], [1])] },
  {
    name: 'bytes',
    operator: 'Slice',
    inputs: [bool([2, 3], [1, 0, 1, 1, 0, 0]), i64([1], [1]), i64([1], [3]), i64([1], [1])],
  },
  {
    name: 'opset 9, bounds as attributes',
    operator: 'Slice',
    opset: 9,
    attributes: { starts: [0, 1], ends: [2, 1000], axes: [0, 1] },
    inputs: [wave([3, 4])],
  },
  {
    name: 'a step of 0',
    operator: 'Slice',
    inputs: [wave([3]), i64([1], [0]), i64([1], [2]), i64([1], [0]), i64([1], [0])],
    error: { name: 'ShapeError', message: 'Slice "tested": the step of axis 0 is 0' },
  },
  {
    name: 'bounds of different lengths',
    operator: 'Slice',
    inputs: [wave([3]), i64([1], [0]), i64([2], [2, 2])],
    error: { name: 'ShapeError', message: 'starts, ends, axes and steps have 1, 2 entries' },
  },
  {
    name: 'an axis twice',
    operator: 'Slice',
    inputs: [wave([3, 2]), i64([2], [0, 0]), i64([2], [2, 2]), i64([2], [1, -1])],
    error: { name: 'ShapeError', message: 'axis 1 is named twice' },
  },
]
