import { i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'wide', operator: 'EyeLike', inputs: [wave([3, 4])] },
  {
    name: 'right of the diagonal, another type',
    operator: 'EyeLike',
    attributes: { k: 1, dtype: 7 },
    inputs: [wave([3, 4])],
  },
  { name: 'left of the diagonal', operator: 'EyeLike', attributes: { k: -2 }, inputs: [wave([4, 3])] },
  { name: 'beyond the matrix', operator: 'EyeLike', attributes: { k: 5 }, inputs: [i32([2, 2], [1, 2, 3, 4])] },
  { name: 'opset 9', operator: 'EyeLike', opset: 9, inputs: [i64([2, 2], [5, 6, 7, 8])] },
  {
    name: 'three axes',
    operator: 'EyeLike',
    inputs: [wave([2, 2, 2])],
    error: { name: 'ShapeError', message: 'EyeLike "tested": the input must be a matrix, not of 3 axes' },
  },
]
