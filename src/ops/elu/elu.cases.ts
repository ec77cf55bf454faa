import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Elu'),
  { name: 'alpha', operator: 'Elu', attributes: { alpha: 2.5 }, inputs: [wave([2, 5])] },
]
