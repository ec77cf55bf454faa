import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearAdd'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'uint8, scales of their own',
    operator,
    inputs: [
      ...[bytes('uint8', [3, 7]), scale(0.05), u8([], [121]), bytes('uint8', [3, 7], 1), scale(0.013), u8([], [9])],
      ...[scale(0.04), u8([], [88])],
    ],
  },
  {
    name: 'int8, broadcast both ways',
    operator,
    inputs: [
      ...[bytes('int8', [2, 1, 5]), scale(0.05), i8([], [-7]), bytes('int8', [3, 1], 1), scale(0.02), i8([], [3])],
      ...[scale(0.0613), i8([], [11])],
    ],
  },
]
