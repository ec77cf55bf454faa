import { bool, f32, f64, i32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'float32 with ties and NaN',
    operator: 'Equal',
    inputs: [f32([2, 3], [1, 2, NaN, -0, Infinity, 3]), f32([2, 3], [1, 3, NaN, 0, Infinity, 2])],
  },
  { name: 'broadcast both ways', operator: 'Equal', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'scalars', operator: 'Equal', inputs: [f32([], [0.5]), f32([], [0.5])] },
  { name: 'a zero-sized dimension', operator: 'Equal', inputs: [f32([2, 0], []), f32([1], [1])] },
  { name: 'int32', operator: 'Equal', inputs: [i32([3], [-5, 2, 7]), i32([3], [-5, 3, -7])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Equal',
    inputs: [
      i64([3], [9007199254740993n, 9007199254740992n, -5]),
      i64([3], [9007199254740992n, 9007199254740993n, -5]),
    ],
  },
  { name: 'float64', operator: 'Equal', inputs: [f64([3], [0.1, 0.2, 1e300]), f64([3], [0.1, 0.3, -1e300])] },
  { name: 'bool', operator: 'Equal', inputs: [bool([4], [0, 0, 1, 1]), bool([4], [0, 1, 0, 1])] },
  { name: 'uint8', operator: 'Equal', inputs: [u8([3], [5, 200, 7]), u8([1], [200])] },
  { name: 'opset 7', operator: 'Equal', opset: 7, inputs: [i32([2], [1, 2]), i32([1], [2])] },
  {
    name: 'two types',
    operator: 'Equal',
    inputs: [wave([2]), i32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Equal "tested": both inputs must have one type, not float32 and int32' },
  },
]
