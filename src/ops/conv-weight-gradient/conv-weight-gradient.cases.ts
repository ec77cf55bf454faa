import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const weightGradient = (
  name: string,
  inputs: OperatorCase['inputs'],
  attributes: OperatorCase['attributes'],
  expected: OperatorCase['expected'] = [],
): OperatorCase => ({ name, operator: 'ai.plume:ConvWeightGradient', attributes: attributes ?? {}, inputs, expected })

export const cases: readonly OperatorCase[] = [
  weightGradient(
    'one axis, padded, every other place',
    [f32([1, 1, 5], [1, 2, 4, 8, 16]), f32([1, 1, 3], [1, 10, 100]), constant(i64([3], [1, 1, 3]))],
    { strides: [2], pads: [1, 1] },
    [f32([1, 1, 3], [820, 1641, 82])],
  ),
  weightGradient(
    'an input whose end no window sees, two batch entries',
    [f32([2, 1, 4], [1, 2, 4, 8, 1, 3, 5, 7]), f32([2, 1, 1], [1, 10]), constant(i64([3], [1, 1, 2]))],
    { strides: [3] },
    [f32([1, 1, 2], [11, 32])],
  ),
  weightGradient(
    'groups',
    [f32([1, 2, 2], [1, 2, 3, 5]), f32([1, 2, 2], [1, 10, 100, 1000]), constant(i64([3], [2, 1, 1]))],
    { group: 2 },
    [f32([2, 1, 1], [21, 5300])],
  ),
  weightGradient(
    'two axes, two channels in and out, dilated',
    [
      f32([1, 2, 2, 3], [1, 2, 3, 4, 5, 6, -1, 0, 1, 2, 0, -2]),
      f32([1, 2, 1, 1], [1, 10]),
      constant(i64([4], [2, 2, 2, 2])),
    ],
    { dilations: [1, 2] },
    [f32([2, 2, 2, 2], [1, 3, 4, 6, -1, 1, 2, -2, 10, 30, 40, 60, -10, 10, 20, -20])],
  ),
  {
    ...weightGradient(
      'batches that do not fit',
      [f32([2, 1, 2], [1, 2, 3, 4]), f32([1, 1, 2], [1, 2]), constant(i64([3], [1, 1, 1]))],
      {},
    ),
    error: { name: 'ShapeError', message: 'the input has 2 batch entries, and the gradient 1' },
  },
]
