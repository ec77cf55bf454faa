import { bytes, constant, f32, i8, i32, u8, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'com.microsoft:DynamicQuantizeLSTM'
const filled = (shape: readonly number[], value: number) =>
  f32(shape, Array<number>(shape.reduce((product, size) => product * size, 1)).fill(value))

export const cases: readonly OperatorCase[] = [
  {
    name: 'one direction, one scale each',
    operator,
    attributes: { hidden_size: 3 },
    inputs: [
      ...[wave([4, 2, 5]), constant(bytes('int8', [1, 5, 12])), constant(bytes('int8', [1, 3, 12], 1))],
      ...[null, null, null, null, null],
      ...[f32([1], [0.01]), i8([1], [0]), f32([1], [0.02]), i8([1], [0])],
    ],
    outputs: 3,
  },
  {
    name: 'both directions, a scale per gate, bias, states, peepholes',
    operator,
    attributes: { hidden_size: 2, direction: 'bidirectional' },
    inputs: [
      ...[wave([3, 1, 4]), constant(bytes('int8', [2, 4, 8])), constant(bytes('int8', [2, 2, 8], 1)), wave([2, 16], 3)],
      ...[null, wave([2, 1, 2], 5), wave([2, 1, 2], 6), wave([2, 6], 7)],
      ...[
        f32(
          [2, 8],
          [...Array(16).keys()].map((i) => 0.002 * (i + 1)),
        ),
        i8([2, 8], Array<number>(16).fill(0)),
      ],
      ...[filled([2, 8], 0.01), i8([2, 8], Array<number>(16).fill(0))],
    ],
    outputs: 3,
  },
  {
    name: 'uint8 with zero points, backwards, lengths',
    operator,
    attributes: { hidden_size: 2, direction: 'reverse' },
    inputs: [
      ...[wave([3, 1, 4]), constant(bytes('uint8', [1, 4, 8])), constant(bytes('uint8', [1, 2, 8], 1)), null],
      ...[i32([1], [2]), null, null, null],
      ...[f32([1], [0.01]), u8([1], [121]), f32([1], [0.02]), u8([1], [130])],
    ],
    outputs: 3,
  },
  {
    name: 'weights of another size',
    operator,
    attributes: { hidden_size: 2 },
    inputs: [
      ...[wave([3, 1, 5]), bytes('int8', [1, 4, 8]), bytes('int8', [1, 2, 8], 1), null, null, null, null, null],
      ...[f32([1], [0.01]), i8([1], [0]), f32([1], [0.02]), i8([1], [0])],
    ],
    error: {
      name: 'ShapeError',
      message: 'com.microsoft::DynamicQuantizeLSTM "tested": X has 5 inputs, and W has 4',
    },
  },
  {
    name: 'gates of another number',
    operator,
    attributes: { hidden_size: 2 },
    inputs: [
      ...[wave([3, 1, 4]), bytes('int8', [1, 4, 6]), bytes('int8', [1, 2, 6], 1), null, null, null, null, null],
      ...[f32([1], [0.01]), i8([1], [0]), f32([1], [0.02]), i8([1], [0])],
    ],
    error: {
      name: 'ShapeError',
      message: 'com.microsoft::DynamicQuantizeLSTM "tested": R has 6 gates, and 8 are expected',
    },
  },
  {
    name: 'float weights',
    operator,
    attributes: { hidden_size: 2 },
    inputs: [
      ...[wave([3, 1, 4]), wave([1, 4, 8]), bytes('int8', [1, 2, 8], 1), null, null, null, null, null],
      ...[f32([1], [0.01]), i8([1], [0]), f32([1], [0.02]), i8([1], [0])],
    ],
    error: {
      name: 'UnsupportedError',
      message: 'com.microsoft::DynamicQuantizeLSTM "tested": the engine does not compute it with float32 weights',
    },
  },
]
