import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:ResizeGradient'

export const cases: readonly OperatorCase[] = [
  {
    // x of 2 elements, repeated three times each
    ...{ name: 'nearest, twice as many rows and three times as many columns', operator },
    inputs: [
      f32([1, 1, 2, 6], [1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60]),
      constant(i64([4], [1, 1, 1, 2])),
      null,
      constant(f32([4], [1, 1, 2, 3])),
    ],
    expected: [f32([1, 1, 1, 2], [66, 165])],
  },
  {
    // new places at -1/4, 1/4, 3/4, 5/4: 1, 3/4, 1/4 and 0 of the first element
    ...{ name: 'linear, half pixels', operator, attributes: { mode: 'linear' } },
    inputs: [f32([1, 4], [1, 4, 8, 16]), constant(i64([2], [1, 2])), null, null, constant(i64([2], [1, 4]))],
    expected: [f32([1, 2], [6, 23])],
  },
  {
    // every other element is taken
    ...{ name: 'fewer places', operator },
    attributes: { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor', axes: [0] },
    inputs: [f32([2], [5, 7]), constant(i64([1], [4])), null, constant(f32([1], [0.5]))],
    expected: [f32([4], [5, 0, 7, 0])],
  },
]
