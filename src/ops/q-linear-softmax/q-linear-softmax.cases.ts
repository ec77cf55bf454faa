import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearSoftmax'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'the last axis',
    operator,
    attributes: { opset: 13 },
    inputs: [bytes('uint8', [2, 3, 7]), scale(0.02), u8([], [121]), scale(1 / 256), u8([], [0])],
  },
  {
    name: 'an axis in the middle',
    operator,
    attributes: { opset: 17, axis: 1 },
    inputs: [bytes('int8', [2, 5, 3]), scale(0.01), i8([], [-9]), scale(1 / 256), i8([], [-128])],
  },
  {
    name: 'before opset 13: all axes from one on',
    operator,
    attributes: { opset: 12, axis: 1 },
    inputs: [bytes('uint8', [2, 3, 4]), scale(0.02), u8([], [121]), scale(1 / 256), u8([], [0])],
  },
]
