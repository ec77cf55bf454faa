import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const positive = (shape: readonly number[], seed: number) => {
  const { values } = wave(shape, seed)
  return f32(
    shape,
    values.map((x) => Math.abs(Number(x)) + 0.25),
  )
}

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'ReduceLogSum', inputs: [positive([3, 5], 0), i64([1], [-1])] },
  { name: 'constant middle axis', operator: 'ReduceLogSum', inputs: [positive([2, 4, 3], 0), constant(i64([1], [1]))] },
  {
    name: 'two axes apart, dropped',
    operator: 'ReduceLogSum',
    attributes: { keepdims: 0 },
    inputs: [positive([2, 3, 4, 2], 1), constant(i64([2], [3, 1]))],
  },
  {
    name: 'first and last axes',
    operator: 'ReduceLogSum',
    inputs: [positive([3, 2, 5], 2), constant(i64([2], [0, 2]))],
  },
  { name: 'all axes', operator: 'ReduceLogSum', inputs: [positive([2, 3, 2], 1)] },
  {
    name: 'no axes, each element alone',
    operator: 'ReduceLogSum',
    attributes: { noop_with_empty_axes: 1 },
    inputs: [f32([3], [0.5, 2, 4])],
    expected: [f32([3], [Math.log(0.5), Math.log(2), Math.log(4)])],
  },
  {
    name: 'an empty set',
    operator: 'ReduceLogSum',
    inputs: [f32([2, 0], []), constant(i64([1], [1]))],
    expected: [f32([2, 1], [-Infinity, -Infinity])],
  },
  { name: 'a scalar', operator: 'ReduceLogSum', inputs: [f32([], [2.5])] },
  {
    name: 'opset 13, axes as attribute',
    operator: 'ReduceLogSum',
    opset: 13,
    attributes: { axes: [0], keepdims: 0 },
    inputs: [positive([3, 2], 4)],
  },
  {
    name: 'whole numbers',
    operator: 'ReduceLogSum',
    inputs: [i32([2], [1, 2])],
    error: {
      name: 'UnsupportedError',
      message: 'ReduceLogSum "tested": the engine does not compute it with int32 inputs',
    },
  },
]
