import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:AveragePoolGradient'
const attributes = { kernel_shape: [3], strides: [2], pads: [1, 1] }

export const cases: readonly OperatorCase[] = [
  {
    ...{ name: 'padding left out', operator, attributes },
    inputs: [f32([1, 1, 3], [2, 3, 4]), constant(i64([3], [1, 1, 5]))],
    expected: [f32([1, 1, 5], [1, 2, 1, 3, 2])],
  },
  {
    ...{ name: 'padding counted, two planes', operator, attributes: { ...attributes, count_include_pad: 1 } },
    inputs: [f32([1, 2, 3], [3, 6, 9, -3, 0, 30]), constant(i64([3], [1, 2, 5]))],
    expected: [f32([1, 2, 5], [1, 3, 2, 5, 3, -1, -1, 0, 10, 10])],
  },
  {
    ...{ name: 'two axes', operator, attributes: { kernel_shape: [1, 2] } },
    inputs: [f32([1, 1, 2, 2], [2, 4, 6, 8]), constant(i64([4], [1, 1, 2, 3]))],
    expected: [f32([1, 1, 2, 3], [1, 3, 2, 3, 7, 4])],
  },
]
