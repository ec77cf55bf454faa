import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Celu'),
  { name: 'alpha', operator: 'Celu', attributes: { alpha: 2.5 }, inputs: [wave([2, 5])] },
]
