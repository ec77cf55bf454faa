import { bool, constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'rows', operator: 'Gather', inputs: [wave([4, 3]), i64([2], [3, 1])] },
  {
    name: 'a matrix of indices, middle axis',
    operator: 'Gather',
    attributes: { axis: 1 },
    inputs: [wave([2, 4, 2]), i64([2, 2], [0, -1, 2, 2])],
  },
  {
    name: 'one constant index',
    operator: 'Gather',
    attributes: { axis: -1 },
    inputs: [wave([2, 3]), constant(i64([], [-2]))],
  },
  { name: 'int32 indices into int64', operator: 'Gather', inputs: [i64([3], [7, 8, 9]), i32([2], [2, 0])] },
  { name: 'a scalar index', operator: 'Gather', inputs: [wave([3, 2]), i64([], [1])] },
  { name: 'no indices', operator: 'Gather', inputs: [wave([3, 2]), i64([0], [])] },
  { name: 'bool', operator: 'Gather', inputs: [bool([3], [1, 0, 1]), i64([3], [2, 1, 1])] },
  { name: 'opset 7', operator: 'Gather', opset: 7, attributes: { axis: 1 }, inputs: [wave([2, 3]), i64([2], [2, 0])] },
  {
    name: 'an index that is not there',
    operator: 'Gather',
    inputs: [wave([3, 2]), i64([1], [3])],
    error: { name: 'ShapeError', message: 'Gather "tested": the index 3 must lie in [-3, 2]' },
  },
  {
    name: 'indices that are no integers',
    operator: 'Gather',
    inputs: [wave([3, 2]), wave([2])],
    error: { name: 'ShapeError', message: 'indices must be int64 or int32, not float32' },
  },
  {
    name: 'a scalar to take from',
    operator: 'Gather',
    inputs: [f32([], [1]), i64([1], [0])],
    error: { name: 'ShapeError', message: 'a scalar has no axis to take from' },
  },
]
