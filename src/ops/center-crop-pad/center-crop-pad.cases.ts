import { constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'cut and padded', operator: 'CenterCropPad', inputs: [wave([5, 4]), i64([2], [2, 7])] },
  {
    name: 'one axis',
    operator: 'CenterCropPad',
    attributes: { axes: [-1] },
    inputs: [wave([2, 6]), constant(i64([1], [3]))],
  },
  {
    name: 'two axes of three',
    operator: 'CenterCropPad',
    attributes: { axes: [2, 0] },
    inputs: [wave([1, 2, 3]), constant(i64([2], [2, 4]))],
  },
  { name: 'int64, to nothing', operator: 'CenterCropPad', inputs: [i64([3], [1, 2, 3]), i64([1], [0])] },
  {
    name: 'too few sizes',
    operator: 'CenterCropPad',
    inputs: [wave([2, 3]), i64([1], [2])],
    error: { name: 'ShapeError', message: 'CenterCropPad "tested": 1 sizes are given for 2 axes' },
  },
  {
    name: 'a negative size',
    operator: 'CenterCropPad',
    inputs: [wave([2]), i64([1], [-1])],
    error: { name: 'ShapeError', message: 'the size -1 is negative' },
  },
]
