import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'the last axis', operator: 'RMSNormalization', inputs: [wave([2, 3, 5]), wave([5], 1)] },
  {
    name: 'two axes',
    operator: 'RMSNormalization',
    attributes: { axis: 1, epsilon: 0.05 },
    inputs: [wave([2, 3, 4]), wave([3, 4], 1)],
  },
  {
    name: 'a scale for each row',
    operator: 'RMSNormalization',
    attributes: { epsilon: 1e-20 },
    inputs: [f32([2, 2], [1, -1, 2, -2]), f32([2, 1], [2, 3])],
    expected: [f32([2, 2], [2, -2, 3, -3])],
  },
]
