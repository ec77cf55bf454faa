import { f32, floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('HardSwish'),
  { name: 'both bends', operator: 'HardSwish', inputs: [f32([6], [-4, -3, -2.9, 2.9, 3, 4])] },
  { name: 'opset 14', operator: 'HardSwish', opset: 14, inputs: [wave([7])] },
]
