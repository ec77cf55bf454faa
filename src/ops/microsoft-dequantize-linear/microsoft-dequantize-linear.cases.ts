import { f32, of, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:DequantizeLinear'

export const cases: readonly OperatorCase[] = [
  { name: 'uint16', operator, inputs: [of('uint16', [3], [0, 65535, 300]), f32([], [0.3]), of('uint16', [], [1000])] },
  {
    name: 'int16 per row, of opset 13',
    operator,
    opset: 13,
    attributes: { axis: 0 },
    inputs: [of('int16', [2, 2], [0, -32768, 300, 7]), f32([2], [0.3, 2]), of('int16', [2], [0, 0])],
  },
]
