import { f32, f64, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'float32 with ties and NaN',
    operator: 'GreaterOrEqual',
    inputs: [f32([2, 3], [1, 2, NaN, -0, Infinity, 3]), f32([2, 3], [1, 3, NaN, 0, Infinity, 2])],
  },
  { name: 'broadcast both ways', operator: 'GreaterOrEqual', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'scalars', operator: 'GreaterOrEqual', inputs: [f32([], [0.5]), f32([], [0.5])] },
  { name: 'a zero-sized dimension', operator: 'GreaterOrEqual', inputs: [f32([2, 0], []), f32([1], [1])] },
  { name: 'int32', operator: 'GreaterOrEqual', inputs: [i32([3], [-5, 2, 7]), i32([3], [-5, 3, -7])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'GreaterOrEqual',
    inputs: [
      i64([3], [9007199254740993n, 9007199254740992n, -5]),
      i64([3], [9007199254740992n, 9007199254740993n, -5]),
    ],
  },
  { name: 'float64', operator: 'GreaterOrEqual', inputs: [f64([3], [0.1, 0.2, 1e300]), f64([3], [0.1, 0.3, -1e300])] },
  { name: 'opset 12', operator: 'GreaterOrEqual', opset: 12, inputs: [wave([5]), wave([1], 3)] },
]
