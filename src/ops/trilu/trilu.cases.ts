import { constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'upper', operator: 'Trilu', inputs: [wave([4, 5])] },
  { name: 'lower', operator: 'Trilu', attributes: { upper: 0 }, inputs: [wave([2, 3, 3])] },
  { name: 'right of the diagonal', operator: 'Trilu', inputs: [wave([3, 4]), constant(i64([], [1]))] },
  {
    name: 'lower, left of the diagonal',
    operator: 'Trilu',
    attributes: { upper: 0 },
    inputs: [wave([4, 3]), i64([], [-2])],
  },
  { name: 'beyond the matrix', operator: 'Trilu', inputs: [wave([2, 3]), constant(i64([], [-9]))] },
  { name: 'int64', operator: 'Trilu', inputs: [i64([2, 2], [1, 2, 3, 4])] },
  {
    name: 'NaN does not stay',
    operator: 'Trilu',
    inputs: [f32([2, 2], [1, NaN, NaN, 4])],
    expected: [f32([2, 2], [1, NaN, 0, 4])],
  },
  { name: 'nothing', operator: 'Trilu', inputs: [f32([0, 3], [])] },
  {
    name: 'a list',
    operator: 'Trilu',
    inputs: [wave([3])],
    error: { name: 'ShapeError', message: 'Trilu "tested": the input must be a matrix or many, not of 1 axes' },
  },
]
