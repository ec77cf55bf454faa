import { constant, f32, i32, i64, i8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceL1', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceL1', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceL1',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  { name: 'first and last axes', operator: 'ReduceL1', inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))] },
  { name: 'all axes', operator: 'ReduceL1', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceL1',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceL1',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [0, 0])],
  },
  { name: 'a scalar', operator: 'ReduceL1', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceL1',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  { name: 'int32', operator: 'ReduceL1', inputs: [i32([2, 3], [5, -2, 3, 1, 7, 7]), i64([1], [1])] },
  {
    name: 'int8, axes apart, beyond its range on the way',
    operator: 'ReduceL1',
    inputs: [i8([2, 2, 2], [100, 100, 1, -2, -100, 10, 3, 4]), constant(i64([2], [0, 2]))],
    // 310 wraps
    expected: [i8([1, 2, 1], [54, 10])],
  },
]
