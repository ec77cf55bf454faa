import { f32, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Mish'),
  { name: 'far out', operator: 'Mish', inputs: [f32([4], [-30, -9, 12, 100])] },
]
