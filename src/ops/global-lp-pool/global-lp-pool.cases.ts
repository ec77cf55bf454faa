import { wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'Euclidean', operator: 'GlobalLpPool', opset: 18, inputs: [wave([2, 3, 4, 5])] },
  { name: 'sum of magnitudes', operator: 'GlobalLpPool', opset: 18, attributes: { p: 1 }, inputs: [wave([1, 2, 7])] },
  { name: 'of third order', operator: 'GlobalLpPool', opset: 18, attributes: { p: 3 }, inputs: [wave([1, 2, 3, 3])] },
]
