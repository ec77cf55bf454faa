import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceSum', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceSum', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceSum',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  { name: 'first and last axes', operator: 'ReduceSum', inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))] },
  { name: 'all axes', operator: 'ReduceSum', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceSum',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceSum',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [0, 0])],
  },
  { name: 'a scalar', operator: 'ReduceSum', inputs: [f32([], [2.5])] },
  {
    name: 'opset 11, axes as attribute',
    operator: 'ReduceSum',
    opset: 11,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  { name: 'int32', operator: 'ReduceSum', inputs: [i32([2, 3], [5, -2, 3, 1, 7, 7]), i64([1], [1])] },
  {
    // onnxruntime-web is one off
    name: 'int64 beyond 2^53',
    operator: 'ReduceSum',
    inputs: [i64([3], [9007199254740993n, -4, -7])],
    expected: [i64([1], [9007199254740982n])],
  },
  {
    name: 'an axis twice',
    operator: 'ReduceSum',
    inputs: [wave([2, 3]), i64([2], [1, -1])],
    error: { name: 'ShapeError', message: 'ReduceSum "tested": the axes 1, -1 name one axis twice' },
  },
]
