import { bytes, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QLinearLeakyRelu'
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  {
    name: 'every byte',
    operator,
    attributes: { alpha: { float: 0.21 } },
    inputs: [bytes('uint8', [2, 128]), scale(0.05), u8([], [121]), scale(0.04), u8([], [30])],
  },
  {
    name: 'int8, the slope that is assumed',
    operator,
    inputs: [bytes('int8', [2, 128]), scale(0.05), i8([], [-9]), scale(0.01), i8([], [3])],
  },
]
