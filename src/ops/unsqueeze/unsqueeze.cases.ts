import { constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'first and last', operator: 'Unsqueeze', inputs: [wave([3, 2]), i64([2], [0, -1])] },
  { name: 'given backwards', operator: 'Unsqueeze', inputs: [wave([3, 2]), i64([2], [3, 1])] },
  { name: 'a scalar', operator: 'Unsqueeze', inputs: [i64([], [5]), constant(i64([1], [0]))] },
  {
    name: 'opset 7, axes as attribute',
    operator: 'Unsqueeze',
    opset: 7,
    attributes: { axes: [1] },
    inputs: [wave([3, 2])],
  },
  {
    name: 'an axis twice',
    operator: 'Unsqueeze',
    inputs: [wave([3, 2]), i64([2], [1, -3])],
    error: { name: 'ShapeError', message: 'the axes 1, -3 name one axis twice' },
  },
]
