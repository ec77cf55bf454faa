import { f32, f64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'one matrix', operator: 'Det', inputs: [wave([4, 4])] },
  { name: 'a batch', operator: 'Det', inputs: [wave([2, 3, 2, 2])] },
  { name: 'a pivot of 0', operator: 'Det', inputs: [f32([3, 3], [0, 2, 1, 3, 0, -1, 4, 5, 6])] },
  { name: 'singular', operator: 'Det', inputs: [f32([2, 2], [1, 2, 2, 4])] },
  {
    name: 'opset 11, float64',
    operator: 'Det',
    opset: 11,
    inputs: [f64([2, 2], [0.1, 2, -3, 0.7])],
    expected: [f64([], [6.07])],
  },
  {
    name: 'not square',
    operator: 'Det',
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: 'Det "tested": the last two axes must be those of a square matrix' },
  },
]
