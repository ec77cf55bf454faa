import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Selu'),
  { name: 'alpha and gamma', operator: 'Selu', attributes: { alpha: 1.25, gamma: 3.5 }, inputs: [wave([2, 5])] },
]
