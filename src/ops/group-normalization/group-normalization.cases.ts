import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'two groups',
    operator: 'GroupNormalization',
    attributes: { num_groups: 2 },
    inputs: [wave([2, 4, 3, 2]), f32([4], [0.5, -1, 2, 1]), f32([4], [0.1, 3, -0.5, 0])],
  },
  {
    name: 'one group',
    operator: 'GroupNormalization',
    attributes: { num_groups: 1, epsilon: 0.1 },
    inputs: [wave([1, 3, 5]), f32([3], [0.5, -1, 2]), f32([3], [0.1, 3, -0.5])],
  },
  {
    name: 'groups of another size',
    operator: 'GroupNormalization',
    attributes: { num_groups: 3 },
    inputs: [wave([1, 4, 5]), wave([4]), wave([4])],
    error: { name: 'ShapeError', message: '4 channels cannot form 3 groups' },
  },
]
