import { f32, f64, floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Sigmoid'),
  { name: 'far out', operator: 'Sigmoid', inputs: [f32([6], [-100, -88, -9, 12, 88, 100])] },
  { name: 'float64', operator: 'Sigmoid', inputs: [f64([3], [-1.5, 0.25, 2])] },
  { name: 'opset 7', operator: 'Sigmoid', opset: 7, inputs: [wave([5])] },
]
