import { f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'elements', operator: 'ScatterND', inputs: [wave([3, 2]), i64([2, 2], [2, 0, -3, 1]), f32([2], [7, 8])] },
  { name: 'rows', operator: 'ScatterND', inputs: [wave([3, 2]), i64([2, 1], [2, 0]), wave([2, 2], 5)] },
  {
    name: 'added twice',
    operator: 'ScatterND',
    attributes: { reduction: 'add' },
    inputs: [f32([3], [1, 2, 3]), i64([3, 1], [1, 1, 2]), f32([3], [0.5, 4, -1])],
  },
  {
    name: 'multiplied',
    operator: 'ScatterND',
    attributes: { reduction: 'mul' },
    inputs: [i32([3], [1, 2, 3]), i64([3, 1], [1, 1, 2]), i32([3], [5, 4, -1])],
  },
  {
    name: 'largest',
    operator: 'ScatterND',
    attributes: { reduction: 'max' },
    inputs: [wave([2, 2]), i64([1, 1], [1]), f32([1, 2], [9, -9])],
  },
  {
    name: 'smallest',
    operator: 'ScatterND',
    attributes: { reduction: 'min' },
    inputs: [wave([2, 2]), i64([1, 1], [1]), f32([1, 2], [9, -9])],
  },
  {
    name: 'opset 11, int64',
    operator: 'ScatterND',
    opset: 11,
    inputs: [i64([3], [1, 2, 3]), i64([1, 1], [1]), i64([1], [-9007199254740993n])],
  },
  { name: 'no updates', operator: 'ScatterND', inputs: [wave([3]), i64([0, 1], []), f32([0], [])] },
  {
    name: 'updates of another shape',
    operator: 'ScatterND',
    inputs: [wave([3, 2]), i64([1, 1], [0]), wave([1, 3])],
    error: { name: 'ShapeError', message: 'ScatterND "tested": the updates must have the shape [1, 2]' },
  },
  {
    name: 'too long tuples',
    operator: 'ScatterND',
    inputs: [wave([3]), i64([1, 2], [0, 0]), wave([1])],
    error: { name: 'ShapeError', message: 'an index of 2 numbers does not fit 1 axes' },
  },
]
