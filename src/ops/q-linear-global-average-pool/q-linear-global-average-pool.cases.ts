import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearGlobalAveragePool'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'uint8',
    operator,
    inputs: [bytes('uint8', [2, 3, 5, 7]), scale(0.05), u8([], [121]), scale(0.02), u8([], [100])],
  },
  {
    name: 'int8',
    operator,
    inputs: [bytes('int8', [1, 4, 5, 3]), scale(0.05), i8([], [-9]), scale(0.03), i8([], [3])],
  },
  {
    name: 'channels last',
    operator,
    attributes: { channels_last: 1 },
    inputs: [bytes('uint8', [2, 3, 9]), scale(0.05), u8([], [121]), scale(0.05), u8([], [121])],
    error: {
      name: 'UnsupportedError',
      message: 'com.microsoft::QLinearGlobalAveragePool "tested": the engine does not compute it with channels_last.',
    },
  },
]
