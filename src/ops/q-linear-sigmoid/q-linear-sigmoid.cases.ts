import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearSigmoid'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'every byte',
    operator,
    inputs: [bytes('uint8', [2, 128]), scale(0.05), u8([], [121]), scale(1 / 256), u8([], [0])],
  },
  {
    name: 'int8',
    operator,
    inputs: [bytes('int8', [2, 128]), scale(0.03), i8([], [-9]), scale(1 / 256), i8([], [-128])],
  },
]
