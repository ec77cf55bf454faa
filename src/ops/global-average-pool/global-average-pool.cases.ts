import { f16, f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two spatial axes', operator: 'GlobalAveragePool', inputs: [wave([2, 3, 4, 5])] },
  { name: 'one spatial axis', operator: 'GlobalAveragePool', inputs: [wave([1, 2, 7])] },
  { name: 'float16', operator: 'GlobalAveragePool', inputs: [f16([1, 2, 3], [0.5, -1, 2, 3, 4, -7.5])] },
  {
    name: 'no channels',
    operator: 'GlobalAveragePool',
    inputs: [f32([3], [1, 2, 3])],
    error: { name: 'ShapeError', message: 'GlobalAveragePool "tested": the input must be [N, C, …].' },
  },
]
