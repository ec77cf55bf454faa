import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'OneHot', inputs: [i64([2, 2], [1, 0, -1, 3]), i64([], [3]), f32([2], [-0.5, 2])] },
  {
    name: 'first axis, out of range',
    operator: 'OneHot',
    attributes: { axis: 0 },
    inputs: [i64([3], [2, 7, -9]), constant(i64([1], [4])), i64([2], [0, 5])],
  },
  {
    name: 'floats as indices and depth',
    operator: 'OneHot',
    attributes: { axis: -2 },
    inputs: [f32([2, 1], [1, 2]), f32([], [3]), f32([2], [0, 1])],
  },
  {
    name: 'opset 9, int32',
    operator: 'OneHot',
    opset: 9,
    inputs: [i32([2], [0, 1]), i32([1], [2]), i32([2], [3, 4])],
    expected: [i32([2, 2], [4, 3, 3, 4])],
  },
  {
    name: 'three values',
    operator: 'OneHot',
    inputs: [i64([1], [0]), i64([], [2]), wave([3])],
    error: { name: 'ShapeError', message: 'OneHot "tested": two values are needed, off and on, not 3' },
  },
  {
    name: 'a negative depth',
    operator: 'OneHot',
    inputs: [i64([1], [0]), i64([], [-2]), wave([2])],
    error: { name: 'ShapeError', message: 'the depth -2 is negative' },
  },
]
