import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'offsets, bias and mask',
    operator: 'DeformConv',
    opset: 19,
    attributes: { pads: [1, 0, 0, 1] },
    inputs: [
      wave([1, 2, 3, 3]),
      wave([2, 2, 2, 2], 1),
      wave([1, 8, 3, 3], 2),
      f32([2], [0.5, -1]),
      wave([1, 4, 3, 3], 3),
    ],
  },
  {
    name: 'groups of offsets',
    operator: 'DeformConv',
    opset: 19,
    attributes: { offset_group: 2, group: 2, strides: [2, 1] },
    inputs: [wave([1, 2, 4, 3]), wave([2, 1, 2, 2], 1), wave([1, 16, 2, 2], 2)],
  },
]
