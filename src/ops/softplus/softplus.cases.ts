import { f32, floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Softplus'),
  { name: 'far out', operator: 'Softplus', inputs: [f32([4], [-30, -9, 12, 100])] },
  { name: 'opset 7', operator: 'Softplus', opset: 7, inputs: [wave([5])] },
]
