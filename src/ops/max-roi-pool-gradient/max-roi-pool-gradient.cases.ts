import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    // two boxes of the second image; the second one is its lower row
    ...{ name: 'two boxes', operator: 'ai.plume:MaxRoiPoolGradient', attributes: { pooled_shape: [1, 2] } },
    inputs: [
      f32([2, 1, 2, 2], [9, 9, 9, 9, 1, 5, 3, 2]),
      f32([2, 5], [1, 0, 0, 1, 1, 1, 0, 1, 1, 1]),
      f32([2, 1, 1, 2], [1, 10, 100, 1000]),
    ],
    expected: [f32([2, 1, 2, 2], [0, 0, 0, 0, 0, 10, 101, 1000])],
  },
]
