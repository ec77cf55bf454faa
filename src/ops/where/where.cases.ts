import { bool, f32, f64, i32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'broadcast three ways', operator: 'Where', inputs: [bool([3, 1, 1], [1, 0, 1]), wave([4, 1]), wave([2], 2)] },
  {
    name: 'NaN that is not chosen',
    operator: 'Where',
    inputs: [bool([2], [1, 0]), f32([2], [1, NaN]), f32([2], [NaN, 2])],
  },
  { name: 'scalars', operator: 'Where', inputs: [bool([], [0]), f32([], [1]), f32([], [2.5])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Where',
    inputs: [bool([2], [1, 0]), i64([2], [9007199254740993n, 1]), i64([1], [-9007199254740993n])],
  },
  { name: 'uint8', operator: 'Where', inputs: [bool([3], [1, 0, 1]), u8([3], [1, 2, 255]), u8([1], [9])] },
  { name: 'int32', operator: 'Where', inputs: [bool([2, 1], [1, 0]), i32([3], [1, 2, -3]), i32([], [9])] },
  // onnxruntime-web has no such kernel
  {
    name: 'bool',
    operator: 'Where',
    inputs: [bool([2], [1, 0]), bool([2], [1, 1]), bool([1], [0])],
    expected: [bool([2], [1, 0])],
  },
  { name: 'a zero-sized dimension', operator: 'Where', inputs: [bool([0, 1], []), wave([1, 3]), wave([3])] },
  { name: 'float64', operator: 'Where', inputs: [bool([2], [1, 0]), f64([2], [0.1, 0.2]), f64([2], [0.3, 0.4])] },
  {
    name: 'a condition of numbers',
    operator: 'Where',
    inputs: [wave([2]), wave([2]), wave([2])],
    error: { name: 'UnsupportedError', message: 'Where "tested": the engine does not compute it with float32 inputs' },
  },
  {
    name: 'two types',
    operator: 'Where',
    inputs: [bool([1], [1]), wave([2]), i32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Where "tested": both inputs must have one type, not float32 and int32' },
  },
  {
    name: 'shapes that do not fit',
    operator: 'Where',
    inputs: [bool([5], [1, 0, 1, 0, 1]), wave([4]), wave([1])],
    error: { name: 'ShapeError', message: 'Where "tested": the sizes 5 and 4 of axis -1 differ' },
  },
]
