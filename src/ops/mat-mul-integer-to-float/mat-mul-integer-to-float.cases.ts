import { bytes, constant, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:MatMulIntegerToFloat'

export const cases: readonly OperatorCase[] = [
  {
    name: 'a scale per column, zero points, bias',
    operator,
    inputs: [
      ...[bytes('uint8', [2, 3, 5]), constant(bytes('int8', [5, 4], 1)), f32([], [0.05])],
      ...[f32([4], [0.01, 0.02, 0.003, 0.04]), u8([], [121]), i8([4], [0, 1, 2, -3]), f32([4], [1, -2, 3, 0.5])],
    ],
  },
  {
    name: 'no zero points',
    operator,
    inputs: [bytes('uint8', [3, 5]), bytes('uint8', [5, 4], 1), f32([], [0.05]), f32([], [0.01])],
  },
]
