import { f32, floatCases, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Gelu'),
  { name: 'tanh', operator: 'Gelu', attributes: { approximate: 'tanh' }, inputs: [wave([3, 5], 1)] },
  { name: 'far out', operator: 'Gelu', inputs: [f32([4], [-20, -6, 6, 30])] },
  {
    name: 'another approximation',
    operator: 'Gelu',
    attributes: { approximate: 'sigmoid' },
    inputs: [wave([2])],
    error: {
      name: 'UnsupportedError',
      message: 'Gelu "tested": the attribute approximate should be one of none, tanh.',
    },
  },
]
