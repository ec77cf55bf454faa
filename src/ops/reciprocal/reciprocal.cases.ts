import { f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Reciprocal'),
  { name: 'float64', operator: 'Reciprocal', inputs: [f64([3], [-1.5, 0.25, 2])] },
]
