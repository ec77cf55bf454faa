import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Exp'),
  { name: 'float64', operator: 'Exp', inputs: [f64([3], [-1.5, 0.25, 2])] },
  { name: 'the ends of float32', operator: 'Exp', inputs: [f32([4], [88.5, 89, -87, -104])] },
]
