import { bool, constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'an axis of size 1', operator: 'Expand', inputs: [wave([3, 1]), i64([2], [3, 4])] },
  { name: 'new axes', operator: 'Expand', inputs: [wave([1, 3]), constant(i64([3], [2, 2, 1]))] },
  { name: 'a scalar', operator: 'Expand', inputs: [i64([], [7]), i64([2], [2, 3])] },
  { name: 'no change', operator: 'Expand', inputs: [bool([2], [1, 0]), i64([1], [1])] },
  { name: 'to nothing', operator: 'Expand', inputs: [wave([1, 3]), i64([2], [0, 3])] },
  { name: 'opset 8', operator: 'Expand', opset: 8, inputs: [wave([1, 2]), i64([2], [3, 2])] },
  {
    name: 'sizes that do not fit',
    operator: 'Expand',
    inputs: [wave([2, 3]), i64([2], [2, 4])],
    error: { name: 'ShapeError', message: 'Expand "tested": the sizes 3 and 4 of axis -1 differ and neither is 1' },
  },
]
