import { f16, f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two spatial axes', operator: 'GlobalMaxPool', inputs: [wave([2, 3, 4, 5])] },
  { name: 'one spatial axis', operator: 'GlobalMaxPool', inputs: [wave([1, 2, 7])] },
  { name: 'float16', operator: 'GlobalMaxPool', inputs: [f16([1, 2, 3], [0.5, -1, 2, 3, 4, -7.5])] },
  {
    name: 'no channels',
    operator: 'GlobalMaxPool',
    inputs: [f32([3], [1, 2, 3])],
    error: { name: 'ShapeError', message: 'GlobalMaxPool "tested": the input must be [N, C, …].' },
  },
]
