import { f32, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:MaxPoolGradient'

export const cases: readonly OperatorCase[] = [
  {
    ...{ name: 'the first of equals, overlapping windows', operator, attributes: { kernel_shape: [3] } },
    inputs: [f32([1, 1, 5], [1, 3, 3, 2, 5]), f32([1, 1, 3], [1, 10, 100])],
    expected: [f32([1, 1, 5], [0, 11, 0, 0, 100])],
  },
  {
    ...{ name: 'two axes, padded, two planes', operator },
    attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [0, 1, 0, 0] },
    inputs: [f32([1, 2, 2, 3], [1, 2, 3, 6, 5, 4, -1, -2, -3, -4, -5, -6]), f32([1, 2, 1, 2], [1, 10, 100, 1000])],
    expected: [f32([1, 2, 2, 3], [0, 0, 0, 1, 10, 0, 100, 1000, 0, 0, 0, 0])],
  },
  {
    ...{ name: 'three axes, beyond the edge', operator },
    attributes: { kernel_shape: [1, 1, 2], strides: [1, 1, 2], ceil_mode: 1 },
    inputs: [f32([1, 1, 1, 1, 3], [2, 1, -7]), f32([1, 1, 1, 1, 2], [3, 4])],
    expected: [f32([1, 1, 1, 1, 3], [3, 0, 4])],
  },
  {
    ...{ name: 'ranks that differ', operator, attributes: { kernel_shape: [2] } },
    inputs: [f32([1, 1, 2], [1, 2]), f32([1, 1], [1])],
    error: { name: 'ShapeError', message: 'input and gradient must have one rank' },
  },
]
