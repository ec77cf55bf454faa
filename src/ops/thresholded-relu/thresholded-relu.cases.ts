import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('ThresholdedRelu'),
  { name: 'alpha', operator: 'ThresholdedRelu', attributes: { alpha: 0.25 }, inputs: [wave([2, 5])] },
]
