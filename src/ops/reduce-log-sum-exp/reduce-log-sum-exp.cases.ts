import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceLogSumExp', inputs: [wave([3, 5]), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceLogSumExp', inputs: [wave([2, 4, 3]), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceLogSumExp',
    attributes: { keepdims: 0 },
    inputs: [wave([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  {
    name: 'first and last axes',
    operator: 'ReduceLogSumExp',
    inputs: [wave([3, 2, 5], 2), constant(i64([2], [0, 2]))],
  },
  { name: 'all axes', operator: 'ReduceLogSumExp', inputs: [wave([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceLogSumExp',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [0.5, 2, 4])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceLogSumExp',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [-Infinity, -Infinity])],
  },
  { name: 'a scalar', operator: 'ReduceLogSumExp', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceLogSumExp',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [wave([3, 2], 4)],
  },
  {
    name: 'whole numbers',
    operator: 'ReduceLogSumExp',
    inputs: [i32([2], [1, 2])],
    error: {
      name: 'UnsupportedError',
      message: 'ReduceLogSumExp "tested": the engine does not compute it with int32 inputs',
    },
  },
  {
    name: 'large numbers',
    operator: 'ReduceLogSumExp',
    inputs: [f32([2, 2], [1000, 999, -2000, -2001]), i64([1], [1])],
    expected: [f32([2, 1], [1000.3132616875182, -1999.6867383124818])],
  },
  {
    name: 'minus infinity',
    operator: 'ReduceLogSumExp',
    inputs: [f32([2], [-Infinity, -Infinity])],
    expected: [f32([1], [-Infinity])],
  },
]
