import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearConcat'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'three tensors',
    operator,
    attributes: { axis: 1 },
    inputs: [
      ...[scale(0.05), u8([], [100]), bytes('uint8', [2, 3]), scale(0.03), u8([], [121])],
      ...[bytes('uint8', [2, 1], 1), scale(0.05), u8([], [100]), bytes('uint8', [2, 2], 2), scale(0.2), u8([], [0])],
    ],
  },
  {
    name: 'int8, a negative axis',
    operator,
    attributes: { axis: -1 },
    inputs: [
      ...[scale(0.05), i8([], [10]), bytes('int8', [2, 3]), scale(0.03), i8([], [-21])],
      ...[bytes('int8', [2, 3], 1), scale(0.07), i8([], [5])],
    ],
  },
]
