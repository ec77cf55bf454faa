import { floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('LeakyRelu'),
  { name: 'alpha', operator: 'LeakyRelu', attributes: { alpha: 0.3 }, inputs: [wave([2, 5])] },
  { name: 'a negative alpha', operator: 'LeakyRelu', attributes: { alpha: -0.5 }, inputs: [wave([4])] },
  { name: 'opset 7', operator: 'LeakyRelu', opset: 7, inputs: [wave([5])] },
]
