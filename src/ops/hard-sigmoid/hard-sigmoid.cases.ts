import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('HardSigmoid'),
  { name: 'alpha and beta', operator: 'HardSigmoid', attributes: { alpha: 0.7, beta: 0.1 }, inputs: [wave([2, 5])] },
]
