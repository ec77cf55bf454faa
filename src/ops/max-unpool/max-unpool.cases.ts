import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const attributes = { kernel_shape: [2, 2], strides: [2, 2] }

export const cases: readonly OperatorCase[] = [
  {
    name: 'into the shape before pooling',
    operator: 'MaxUnpool',
    attributes,
    inputs: [f32([1, 1, 2, 2], [1, -2, 3, 4]), i64([1, 1, 2, 2], [5, 7, 13, 15])],
  },
  {
    name: 'into a larger shape',
    operator: 'MaxUnpool',
    attributes,
    inputs: [f32([1, 1, 2, 2], [1, 2, 3, 4]), i64([1, 1, 2, 2], [5, 7, 13, 15]), constant(i64([4], [1, 1, 5, 5]))],
    // as ONNX's own test has it: indices count in [1, 1, 4, 4]
    expected: [f32([1, 1, 5, 5], [0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3, 0, 4, 0, 0, 0, 0, 0, 0])],
  },
  {
    name: 'an index beyond the end',
    operator: 'MaxUnpool',
    attributes,
    inputs: [f32([1, 1, 1, 1], [1]), i64([1, 1, 1, 1], [4])],
    error: {
      name: 'ShapeError',
      message: 'MaxUnpool "tested": the index 4 must lie in [-4, 3].',
    },
  },
]
