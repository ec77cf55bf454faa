import { constant, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'both axes', operator: 'Tile', inputs: [wave([2, 3]), i64([2], [2, 3])] },
  { name: 'constant repeats', operator: 'Tile', inputs: [wave([2, 1, 3]), constant(i64([3], [1, 4, 2]))] },
  { name: 'once', operator: 'Tile', inputs: [i64([3], [1, 2, 3]), i64([1], [1])] },
  { name: 'never', operator: 'Tile', inputs: [wave([2, 3]), i64([2], [0, 2])] },
  { name: 'opset 7', operator: 'Tile', opset: 7, inputs: [wave([2, 2]), i64([2], [3, 1])] },
  { name: 'bytes', operator: 'Tile', inputs: [u8([2], [3, 200]), i64([1], [3])] },
  {
    name: 'too few repeats',
    operator: 'Tile',
    inputs: [wave([2, 3]), i64([1], [2])],
    error: { name: 'ShapeError', message: 'Tile "tested": 1 repeats are given for 2 axes' },
  },
  {
    name: 'negative repeats',
    operator: 'Tile',
    inputs: [wave([2]), i64([1], [-1])],
    error: { name: 'ShapeError', message: 'the repeats [-1] may not be negative' },
  },
]
