import { constant, f32, i64, type OperatorCase } from '../../testing/operator-cases'

const inputGradient = (
  name: string,
  inputs: OperatorCase['inputs'],
  attributes: OperatorCase['attributes'],
  expected: OperatorCase['expected'] = [],
): OperatorCase => ({ name, operator: 'ai.plume:ConvInputGradient', attributes: attributes ?? {}, inputs, expected })

export const cases: readonly OperatorCase[] = [
  inputGradient(
    'one axis, padded, every other place',
    [f32([1, 1, 3], [1, 10, 100]), f32([1, 1, 3], [1, 2, 4]), constant(i64([3], [1, 1, 5]))],
    { strides: [2], pads: [1, 1] },
    [f32([1, 1, 5], [2, 14, 20, 140, 200])],
  ),
  inputGradient(
    'a larger input of as many windows',
    [f32([1, 1, 3], [1, 10, 100]), f32([1, 1, 3], [1, 2, 4]), constant(i64([3], [1, 1, 6]))],
    { strides: [2], pads: [1, 1] },
    [f32([1, 1, 6], [2, 14, 20, 140, 200, 400])],
  ),
  inputGradient(
    'padded as needed',
    [f32([1, 1, 3], [1, 10, 100]), f32([1, 1, 3], [1, 2, 4]), constant(i64([3], [1, 1, 5]))],
    { strides: [2], auto_pad: 'SAME_UPPER' },
    [f32([1, 1, 5], [2, 14, 20, 140, 200])],
  ),
  inputGradient(
    'groups, two axes',
    [f32([1, 2, 1, 2], [1, 10, 100, 1000]), f32([2, 1, 2, 1], [2, 3, 5, 7]), constant(i64([4], [1, 2, 2, 2]))],
    { group: 2 },
    [f32([1, 2, 2, 2], [2, 20, 3, 30, 500, 5000, 700, 7000])],
  ),
  inputGradient(
    'windows side by side, padded, with gaps',
    [
      f32([1, 2, 4], [1, 10, 100, 1000, 2, 0, -1, 3]),
      f32([2, 2, 3], [1, 2, 4, 0, -1, 3, 5, 0, 1, 2, 2, -3]),
      constant(i64([3], [1, 2, 4])),
    ],
    { pads: [2, 2], dilations: [2] },
    [f32([1, 2, 4], [97, 1035, 206, 2040, 1, -4, -105, -964])],
  ),
  {
    ...inputGradient(
      'channels that do not fit',
      [f32([1, 2, 1], [1, 2]), f32([1, 1, 1], [1]), constant(i64([3], [1, 1, 1]))],
      {},
    ),
    error: { name: 'ShapeError', message: 'the gradient has 2 channels, and the weight makes 1' },
  },
]
