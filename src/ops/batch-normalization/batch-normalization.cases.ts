import { constant, f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'known vectors',
    operator: 'BatchNormalization',
    inputs: [
      wave([2, 3, 2, 4]),
      constant(f32([3], [0.5, -1, 2])),
      constant(f32([3], [0.1, 3, -0.5])),
      constant(f32([3], [0.2, -0.4, 1])),
      constant(f32([3], [1.5, 0.3, 2])),
    ],
  },
  {
    name: 'vectors that are inputs',
    operator: 'BatchNormalization',
    attributes: { epsilon: 0.01 },
    inputs: [
      wave([2, 3, 5]),
      f32([3], [0.5, -1, 2]),
      f32([3], [0.1, 3, -0.5]),
      f32([3], [0.2, -0.4, 1]),
      f32([3], [1.5, 0.3, 2]),
    ],
  },
  {
    name: 'no spatial axis',
    operator: 'BatchNormalization',
    inputs: [
      wave([4, 3]),
      constant(f32([3], [0.5, -1, 2])),
      constant(f32([3], [0.1, 3, -0.5])),
      constant(f32([3], [0.2, -0.4, 1])),
      constant(f32([3], [1.5, 0.3, 2])),
    ],
  },
  {
    name: 'while training',
    operator: 'BatchNormalization',
    attributes: { training_mode: 1, momentum: 0.75 },
    inputs: [
      wave([2, 3, 2, 2]),
      f32([3], [0.5, -1, 2]),
      f32([3], [0.1, 3, -0.5]),
      f32([3], [0.2, -0.4, 1]),
      f32([3], [1.5, 0.3, 2]),
    ],
    outputs: 3,
  },
  {
    name: 'opset 9',
    operator: 'BatchNormalization',
    opset: 9,
    inputs: [
      wave([1, 3, 2, 2]),
      f32([3], [0.5, -1, 2]),
      f32([3], [0.1, 3, -0.5]),
      f32([3], [0.2, -0.4, 1]),
      f32([3], [1.5, 0.3, 2]),
    ],
  },
  {
    name: 'another number of channels',
    operator: 'BatchNormalization',
    inputs: [
      wave([2, 4, 2]),
      f32([3], [0.5, -1, 2]),
      f32([3], [0.1, 3, -0.5]),
      f32([3], [0.2, -0.4, 1]),
      f32([3], [1.5, 0.3, 2]),
    ],
    error: { name: 'ShapeError', message: 'BatchNormalization "tested": scale must have one entry per channel.' },
  },
]
