import { f32, of, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:QuantizeLinear'

export const cases: readonly OperatorCase[] = [
  { name: 'uint16', operator, inputs: [wave([3, 5]), f32([], [0.0001]), of('uint16', [], [30000])] },
  {
    name: 'int16 per row, of opset 13',
    operator,
    opset: 13,
    attributes: { axis: 0 },
    inputs: [wave([2, 5]), f32([2], [0.0001, 0.01]), of('int16', [2], [0, 0])],
  },
]
