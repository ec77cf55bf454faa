import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Ceil'),
  { name: 'float64', operator: 'Ceil', inputs: [f64([3], [-1.5, 0.25, 2])] },
  { name: 'halves', operator: 'Ceil', inputs: [f32([8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 8388609, -1e20])] },
]
