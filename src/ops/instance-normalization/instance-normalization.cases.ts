import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'two spatial axes',
    operator: 'InstanceNormalization',
    inputs: [wave([2, 3, 3, 5]), f32([3], [0.5, -1, 2]), f32([3], [0.1, 3, -0.5])],
  },
  {
    name: 'one spatial axis',
    operator: 'InstanceNormalization',
    attributes: { epsilon: 0.1 },
    inputs: [wave([1, 2, 7]), f32([2], [1.5, 2]), f32([2], [0.25, -1])],
  },
  {
    name: 'another number of channels',
    operator: 'InstanceNormalization',
    inputs: [wave([1, 2, 7]), f32([3], [1, 2, 3]), f32([2], [0, 0])],
    error: { name: 'ShapeError', message: 'scale and bias must have one entry per channel' },
  },
]
