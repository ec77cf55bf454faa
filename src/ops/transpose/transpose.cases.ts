import { f16, f32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'backwards', operator: 'Transpose', inputs: [wave([2, 3, 5])] },
  { name: 'two of four axes', operator: 'Transpose', attributes: { perm: [0, 2, 1, 3] }, inputs: [wave([2, 3, 4, 2])] },
  {
    name: 'a cycle',
    operator: 'Transpose',
    attributes: { perm: [1, 2, 0] },
    inputs: [i64([2, 3, 1], [1, 2, 3, 4, 5, 6])],
  },
  {
    name: 'only axes of size 1 move',
    operator: 'Transpose',
    attributes: { perm: [0, 2, 1, 3] },
    inputs: [wave([1, 3, 1, 2])],
  },
  { name: 'bytes', operator: 'Transpose', attributes: { perm: [1, 0] }, inputs: [u8([2, 3], [1, 2, 3, 4, 5, 6])] },
  { name: 'a scalar', operator: 'Transpose', inputs: [f32([], [2])] },
  { name: 'nothing', operator: 'Transpose', inputs: [f32([3, 0], [])] },
  { name: 'float16, opset 7', operator: 'Transpose', opset: 7, inputs: [f16([2, 3], [1, 2, 3, 4, 5, 6])] },
  {
    name: 'an axis twice',
    operator: 'Transpose',
    attributes: { perm: [0, 0] },
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: 'Transpose "tested": perm [0, 0] must name each of the 2 axes once' },
  },
]
