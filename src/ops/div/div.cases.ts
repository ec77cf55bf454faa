import { f32, f64, i32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'broadcast both ways', operator: 'Div', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'a scalar', operator: 'Div', inputs: [f32([], [0.5]), wave([2, 3])] },
  { name: 'a zero-sized dimension', operator: 'Div', inputs: [f32([2, 0, 3], []), wave([1, 3])] },
  { name: 'float64', operator: 'Div', inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])] },
  { name: 'opset 7', operator: 'Div', opset: 7, inputs: [wave([2, 3]), wave([3], 4)] },
  {
    name: 'shapes that do not fit',
    operator: 'Div',
    inputs: [wave([2, 3]), wave([4])],
    error: {
      name: 'ShapeError',
      message:
        'Div "tested": the sizes 3 and 4 of axis -1 differ and neither is 1. Its inputs have the shapes [2, 3], [4].',
    },
  },
  {
    name: 'two types',
    operator: 'Div',
    inputs: [wave([2]), i32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Div "tested": both inputs must have one type, not float32 and int32' },
  },
  { name: 'floats by zero', operator: 'Div', inputs: [f32([3], [1, -1, 0]), f32([1], [0])] },
  { name: 'int32 towards zero', operator: 'Div', inputs: [i32([4], [7, -7, 7, -7]), i32([4], [2, 2, -2, -2])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Div',
    inputs: [i64([3], [9007199254740993n, -9007199254740993n, 5]), i64([3], [1, 2, -3])],
  },
  // not defined in C++, so onnxruntime may say anything
  {
    name: 'the smallest int32 by -1 wraps',
    operator: 'Div',
    inputs: [i32([1], [-2147483648]), i32([1], [-1])],
    expected: [i32([1], [-2147483648])],
  },
  { name: 'uint8', operator: 'Div', inputs: [u8([3], [255, 7, 9]), u8([3], [2, 8, 3])] },
  {
    name: 'an integer by zero',
    operator: 'Div',
    inputs: [i32([2], [1, 2]), i32([2], [1, 0])],
    error: { name: 'ShapeError', message: 'Div "tested": an integer is divided by zero' },
  },
  {
    name: 'an int64 by zero',
    operator: 'Div',
    inputs: [i64([2], [1, 2]), i64([], [0])],
    error: { name: 'ShapeError', message: 'Div "tested": an integer is divided by zero' },
  },
]
