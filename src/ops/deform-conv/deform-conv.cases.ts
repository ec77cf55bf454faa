import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'DeformConv'
const zeros = (...shape: number[]) => f32(shape, new Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0))
const few = (seed: number, ...shape: number[]) =>
  f32(
    shape,
    wave(shape, seed).values.map((v) => Number(v) / 2),
  )

export const cases: readonly OperatorCase[] = [
  {
    name: 'offsets between elements',
    operator,
    inputs: [wave([1, 1, 3, 4]), wave([1, 1, 2, 2], 1), few(2, 1, 8, 2, 3)],
  },
  {
    name: 'bias and mask',
    operator,
    inputs: [wave([1, 2, 3, 3]), wave([2, 2, 2, 2], 1), few(2, 1, 8, 2, 2), f32([2], [0.5, -1]), few(3, 1, 4, 2, 2)],
  },
  {
    name: 'groups, groups of offsets',
    operator,
    attributes: { group: 2, offset_group: 2 },
    inputs: [wave([1, 4, 3, 3]), wave([2, 2, 1, 2], 1), few(2, 1, 8, 3, 2), null, few(4, 1, 4, 3, 2)],
  },
  {
    name: 'strides, dilations, padding',
    operator,
    attributes: { strides: [2, 1], dilations: [1, 2], pads: [1, 0, 1, 1] },
    inputs: [wave([2, 1, 4, 4]), wave([1, 1, 2, 2], 1), few(2, 2, 8, 3, 3)],
  },
  {
    name: 'one axis, moved by whole elements',
    operator,
    inputs: [f32([1, 1, 5], [1, 2, 3, 4, 5]), f32([1, 1, 2], [1, 10]), f32([1, 2, 4], [1, 1, 1, 1, -1, -1, -1, 0.5])],
    // onnxruntime computes two axes only. First tap one further, second one back: x[i + 1] + 10 · x[i], at last 5 / 2
    expected: [f32([1, 1, 4], [12, 23, 34, 5 + 25])],
  },
  {
    name: 'offsets of another size',
    operator,
    inputs: [wave([1, 1, 3, 3]), wave([1, 1, 2, 2]), zeros(1, 8, 3, 3)],
    error: { name: 'ShapeError', message: 'DeformConv "tested": offset must be [N, 8, 2, 2], not [1, 8, 3, 3]' },
  },
  {
    name: 'channels that do not fit',
    operator,
    inputs: [wave([1, 3, 3, 3]), wave([1, 2, 2, 2]), zeros(1, 8, 2, 2)],
    error: { name: 'ShapeError', message: 'the input has 3 channels, and the weight wants 2 in each of 1 groups' },
  },
]
