import { f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Log'),
  { name: 'float64', operator: 'Log', inputs: [f64([3], [1.5, 0.25, 1e300])] },
]
