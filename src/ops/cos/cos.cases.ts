import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Cos'),
  { name: 'float64', operator: 'Cos', inputs: [f64([3], [-1.5, 0.25, 2])] },
  { name: 'many turns', operator: 'Cos', inputs: [f32([5], [100, -250.5, 1000, 4096.25, -31.4159])] },
]
