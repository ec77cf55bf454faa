import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceProd', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceProd', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceProd',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  { name: 'first and last axes', operator: 'ReduceProd', inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))] },
  { name: 'all axes', operator: 'ReduceProd', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceProd',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceProd',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [1, 1])],
  },
  { name: 'a scalar', operator: 'ReduceProd', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceProd',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  { name: 'int32', operator: 'ReduceProd', inputs: [i32([2, 3], [5, -2, 3, 1, 7, 7]), i64([1], [1])] },
]
