import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    // the last axis first: (column, row)
    ...{ name: 'between elements, beside the image', operator: 'ai.plume:SampleAt' },
    inputs: [f32([1, 2, 2, 2], [1, 3, 5, 9, -1, -3, -5, -9]), f32([1, 3, 2], [0.5, 0, 1, 0.25, 1.5, 1])],
    expected: [f32([1, 2, 3], [2, 4.5, 4.5, -2, -4.5, -4.5])],
  },
]
