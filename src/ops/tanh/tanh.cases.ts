import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Tanh'),
  { name: 'far out and near 0', operator: 'Tanh', inputs: [f32([6], [-100, -9, 0.001, -0.0001, 9, 100])] },
  { name: 'float64', operator: 'Tanh', inputs: [f64([3], [-1.5, 0.25, 2])] },
]
