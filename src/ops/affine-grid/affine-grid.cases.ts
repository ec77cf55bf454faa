import { constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'AffineGrid'

export const cases: readonly OperatorCase[] = [
  { name: 'two axes', operator, inputs: [wave([2, 2, 3]), constant(i64([4], [2, 3, 2, 4]))] },
  { name: 'three axes', operator, inputs: [wave([1, 3, 4]), constant(i64([5], [1, 2, 2, 3, 2]))] },
  {
    name: 'corners are centers of pixels',
    operator,
    attributes: { align_corners: 1 },
    inputs: [wave([2, 2, 3]), i64([4], [2, 3, 3, 2])],
  },
  {
    name: 'corners are centers of pixels, three axes',
    operator,
    attributes: { align_corners: 1 },
    inputs: [wave([1, 3, 4], 1), constant(i64([5], [1, 2, 2, 2, 3]))],
  },
  {
    name: 'matrices for another number of axes',
    operator,
    inputs: [wave([2, 2, 3]), constant(i64([5], [2, 1, 2, 2, 2]))],
    error: { name: 'ShapeError', message: 'AffineGrid "tested": theta must be [N, 3, 4] for 3 spatial axes' },
  },
  {
    name: 'a size without height',
    operator,
    inputs: [wave([2, 2, 3]), constant(i64([3], [2, 1, 2]))],
    error: { name: 'ShapeError', message: 'size must be [N, C, H, W] or [N, C, D, H, W], not of 3 entries' },
  },
]
