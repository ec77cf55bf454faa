import { f32, f64, i32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two, broadcast', operator: 'Mean', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'one', operator: 'Mean', inputs: [wave([2, 3])] },
  {
    name: 'four, of different ranks',
    operator: 'Mean',
    inputs: [wave([2, 3]), wave([3], 1), f32([], [0.25]), wave([2, 1], 3)],
  },
  // onnxruntime-web knows float32 only
  {
    name: 'float64',
    operator: 'Mean',
    inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])],
    expected: [f64([3], [0.875, 1, 2])],
  },
  { name: 'a zero-sized dimension', operator: 'Mean', inputs: [f32([0, 3], []), wave([3])] },
  { name: 'opset 8', operator: 'Mean', opset: 8, inputs: [wave([2, 3]), wave([3])] },
  {
    name: 'integers',
    operator: 'Mean',
    inputs: [i32([1], [1]), i32([1], [1])],
    error: { name: 'UnsupportedError', message: 'Mean "tested": the engine does not compute it with int32 inputs' },
  },
  {
    name: 'shapes that do not fit',
    operator: 'Mean',
    inputs: [wave([2, 3]), wave([2, 1]), wave([4])],
    error: { name: 'ShapeError', message: 'Mean "tested": the sizes 3 and 4 of axis -1 differ' },
  },
  {
    name: 'two types',
    operator: 'Mean',
    inputs: [wave([2]), f64([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Mean "tested": all inputs must have one type, not float32 and float64' },
  },
]
