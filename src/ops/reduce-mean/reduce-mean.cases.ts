import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceMean', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceMean', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceMean',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  { name: 'first and last axes', operator: 'ReduceMean', inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))] },
  { name: 'all axes', operator: 'ReduceMean', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceMean',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceMean',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [NaN, NaN])],
  },
  { name: 'a scalar', operator: 'ReduceMean', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceMean',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  { name: 'int32, cut towards zero', operator: 'ReduceMean', inputs: [i32([2, 2], [-5, 2, 3, 4]), i64([1], [1])] },
  {
    name: 'an empty set of whole numbers',
    operator: 'ReduceMean',
    inputs: [i32([0], [])],
    error: { name: 'ShapeError', message: 'ReduceMean "tested": whole numbers have no mean where there are none' },
  },
  {
    name: 'int32, axes apart, cut once',
    operator: 'ReduceMean',
    inputs: [i32([2, 2, 2], [1, 2, 3, 4, -6, 0, 5, 7]), constant(i64([2], [0, 2]))],
    expected: [i32([1, 2, 1], [0, 4])],
  },
]
