import { bool, constant, f32, i64, i8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceMin', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceMin', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceMin',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  { name: 'first and last axes', operator: 'ReduceMin', inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))] },
  { name: 'all axes', operator: 'ReduceMin', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceMin',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceMin',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [Infinity, Infinity])],
  },
  { name: 'a scalar', operator: 'ReduceMin', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceMin',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  { name: 'int64 beyond 2^53', operator: 'ReduceMin', inputs: [i64([3], [9007199254740993n, -4, -7])] },
  { name: 'int8', operator: 'ReduceMin', inputs: [i8([2, 2], [-7, 5, 3, 100]), i64([1], [0])] },
  {
    name: 'bool',
    operator: 'ReduceMin',
    inputs: [bool([2, 2], [1, 0, 0, 0]), i64([1], [1])],
    expected: [bool([2, 1], [0, 0])],
  },
  {
    name: 'an empty set of int8',
    operator: 'ReduceMin',
    attributes: { keepdims: 0 },
    inputs: [i8([0], [])],
    expected: [i8([], [127])],
  },
]
