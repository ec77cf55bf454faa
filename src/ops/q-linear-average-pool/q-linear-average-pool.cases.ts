import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearAveragePool'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'uint8',
    operator,
    attributes: { kernel_shape: [3, 2], pads: [1, 0, 1, 1], strides: [2, 1] },
    inputs: [bytes('uint8', [2, 3, 5, 7]), scale(0.05), u8([], [121]), scale(0.0213), u8([], [100])],
  },
  {
    name: 'int8',
    operator,
    attributes: { kernel_shape: [2, 2], strides: [2, 2], ceil_mode: 1 },
    inputs: [bytes('int8', [1, 4, 5, 3]), scale(0.05), i8([], [-9]), scale(0.0317), i8([], [3])],
  },
  {
    name: 'padding counts',
    operator,
    attributes: { kernel_shape: [3], pads: [1, 1], count_include_pad: 1 },
    inputs: [bytes('uint8', [2, 3, 9]), scale(0.05), u8([], [121]), scale(0.05), u8([], [121])],
  },
  {
    name: 'channels last',
    operator,
    attributes: { channels_last: 1, kernel_shape: [1] },
    inputs: [bytes('uint8', [2, 3, 9]), scale(0.05), u8([], [121]), scale(0.05), u8([], [121])],
    error: {
      name: 'UnsupportedError',
      message: 'com.microsoft::QLinearAveragePool "tested": the engine does not compute it with channels_last.',
    },
  },
]
