import { f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Sqrt'),
  { name: 'float64', operator: 'Sqrt', inputs: [f64([3], [-1.5, 0.25, 2])] },
]
