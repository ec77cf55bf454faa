import { f32, f64, i32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two, broadcast', operator: 'Sum', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'one', operator: 'Sum', inputs: [wave([2, 3])] },
  {
    name: 'four, of different ranks',
    operator: 'Sum',
    inputs: [wave([2, 3]), wave([3], 1), f32([], [0.25]), wave([2, 1], 3)],
  },
  { name: 'float64', operator: 'Sum', inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])] },
  { name: 'a zero-sized dimension', operator: 'Sum', inputs: [f32([0, 3], []), wave([3])] },
  { name: 'opset 8', operator: 'Sum', opset: 8, inputs: [wave([2, 3]), wave([3])] },
  {
    name: 'integers',
    operator: 'Sum',
    inputs: [i32([1], [1]), i32([1], [1])],
    error: { name: 'UnsupportedError', message: 'Sum "tested": the engine does not compute it with int32 inputs' },
  },
  {
    name: 'shapes that do not fit',
    operator: 'Sum',
    inputs: [wave([2, 3]), wave([2, 1]), wave([4])],
    error: { name: 'ShapeError', message: 'Sum "tested": the sizes 3 and 4 of axis -1 differ' },
  },
  {
    name: 'two types',
    operator: 'Sum',
    inputs: [wave([2]), f64([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Sum "tested": all inputs must have one type, not float32 and float64' },
  },
]
