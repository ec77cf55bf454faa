import { bool, constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'all axes of size 1', operator: 'Squeeze', inputs: [wave([1, 3, 1, 2])] },
  { name: 'one axis', operator: 'Squeeze', inputs: [wave([1, 3, 1]), i64([1], [-1])] },
  { name: 'two axes', operator: 'Squeeze', inputs: [bool([1, 1, 2, 1], [1, 0]), constant(i64([2], [3, 0]))] },
  { name: 'to a scalar', operator: 'Squeeze', inputs: [i64([1], [-4]), i64([1], [0])] },
  {
    name: 'opset 11, axes as attribute',
    operator: 'Squeeze',
    opset: 11,
    attributes: { axes: [0] },
    inputs: [wave([1, 3, 1])],
  },
  {
    name: 'a size that is not 1',
    operator: 'Squeeze',
    inputs: [wave([1, 3]), i64([1], [1])],
    error: { name: 'ShapeError', message: 'Squeeze "tested": axis 1 has the size 3 and not 1' },
  },
]
