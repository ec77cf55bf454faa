import { constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'what remains', operator: 'Reshape', inputs: [wave([2, 3, 4]), i64([2], [-1, 6])] },
  { name: 'a constant list', operator: 'Reshape', inputs: [wave([2, 6]), constant(i64([3], [3, 2, 2]))] },
  {
    name: 'copied sizes',
    operator: 'Reshape',
    inputs: [
      i64(
        [2, 3, 4],
        Array.from({ length: 24 }, (_, i) => i),
      ),
      i64([3], [0, 0, -1]),
    ],
  },
  { name: 'to a scalar', operator: 'Reshape', inputs: [wave([1, 1]), i64([0], [])] },
  {
    name: 'a size of 0 with allowzero',
    operator: 'Reshape',
    attributes: { allowzero: 1 },
    inputs: [f32([3, 0, 2], []), i64([2], [0, 5])],
  },
  { name: 'a size of 0, copied', operator: 'Reshape', inputs: [f32([0, 4], []), i64([3], [0, 2, 2])] },
  { name: 'opset 7', operator: 'Reshape', opset: 7, inputs: [wave([3, 2]), i64([1], [6])] },
  {
    name: 'other elements',
    operator: 'Reshape',
    inputs: [wave([2, 3]), i64([2], [2, 2])],
    error: { name: 'ShapeError', message: 'Reshape "tested": 6 elements cannot have the shape [2, 2]' },
  },
  {
    name: 'a remainder',
    operator: 'Reshape',
    inputs: [wave([2, 3]), i64([2], [4, -1])],
    error: { name: 'ShapeError', message: '6 elements cannot be cut by 4' },
  },
  {
    name: 'two unknown sizes',
    operator: 'Reshape',
    inputs: [wave([2, 3]), i64([2], [-1, -1])],
    error: { name: 'ShapeError', message: 'the sizes [-1, -1] may hold one -1' },
  },
  {
    name: 'an axis to copy that is not there',
    operator: 'Reshape',
    inputs: [wave([6]), i64([2], [6, 0])],
    error: { name: 'ShapeError', message: 'the size 0 of axis 1 copies an axis that the input does not have' },
  },
  {
    name: 'unknown beside 0',
    operator: 'Reshape',
    attributes: { allowzero: 1 },
    inputs: [f32([0, 2], []), i64([2], [0, -1])],
    error: { name: 'ShapeError', message: '-1 cannot be told beside a size of 0' },
  },
]
