import { bytes, constant, f32, i8, u8, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:DynamicQuantizeMatMul'

export const cases: readonly OperatorCase[] = [
  {
    name: 'a scale per column, bias',
    operator,
    inputs: [
      ...[wave([2, 3, 5]), constant(bytes('int8', [5, 4], 1)), f32([4], [0.01, 0.02, 0.003, 0.04])],
      ...[i8([4], [0, 0, 0, 0]), f32([4], [1, -2, 3, 0.5])],
    ],
  },
  {
    name: 'uint8, one scale',
    operator,
    inputs: [wave([3, 5]), bytes('uint8', [5, 4], 1), f32([], [0.01]), u8([], [99])],
  },
  { name: 'no zero point', operator, inputs: [wave([3, 5]), bytes('int8', [5, 4], 1), f32([], [0.01])] },
]
