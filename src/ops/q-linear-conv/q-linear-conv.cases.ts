import { bytes, constant, f32, i32, i8, of, u8, type OperatorCase } from '../../testing/operator-cases'

const conv = (name: string, inputs: OperatorCase['inputs'], attributes: OperatorCase['attributes'] = {}) => ({
  ...{ name, operator: 'QLinearConv', attributes, inputs },
})
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  conv(
    'uint8 by int8, a scale per output channel, bias',
    [
      ...[bytes('uint8', [1, 2, 5, 7]), scale(0.05), u8([], [121])],
      ...[
        constant(bytes('int8', [3, 2, 3, 2], 1)),
        constant(f32([3], [0.01, 0.002, 0.03])),
        constant(i8([3], [0, 0, 0])),
      ],
      ...[scale(0.2), u8([], [90]), constant(i32([3], [1000, -70000, 333]))],
    ],
    { pads: [1, 0, 2, 1], strides: [1, 2] },
  ),
  conv(
    'int8, one scale, groups',
    [
      ...[bytes('int8', [2, 4, 5, 5]), scale(0.05), i8([], [-7])],
      ...[constant(bytes('int8', [6, 2, 3, 3], 1)), scale(0.01), i8([], [0])],
      ...[f32([1], [0.3]), i8([1], [11])],
    ],
    { group: 2 },
  ),
  conv(
    'one axis, uint8 weights with a zero point, computed by kernel_shape',
    [
      ...[bytes('uint8', [1, 3, 9]), scale(0.02), u8([], [3])],
      ...[bytes('uint8', [2, 3, 3], 1), scale(0.01), u8([], [128])],
      ...[scale(0.1), u8([], [127])],
    ],
    { kernel_shape: [3], dilations: [2] },
  ),
  {
    ...conv('of opset 11', [
      ...[bytes('uint8', [1, 1, 3, 3]), scale(0.02), u8([], [3])],
      ...[constant(bytes('uint8', [2, 1, 2, 2], 1)), scale(0.01), u8([], [128])],
      ...[scale(0.01), u8([], [0])],
    ]),
    opset: 11,
  },
  {
    ...conv('a weight of unknown rank', [
      ...[bytes('uint8', [1, 1, 3, 3]), scale(0.02), u8([], [3]), bytes('uint8', [2, 1, 2, 2], 1), scale(0.01)],
      ...[u8([], [128]), scale(0.01), u8([], [0])],
    ]),
    error: {
      name: 'UnsupportedError',
      message:
        'QLinearConv "tested": the engine does not compute it with a weight that another node makes, and no kernel_shape.',
    },
  },
  {
    ...conv('inputs that are missing', [bytes('uint8', [1, 1, 3, 3]), scale(0.02)]),
    error: { name: 'UnsupportedError', message: 'QLinearConv "tested": it has 2 inputs, and 8 to 9 are expected.' },
  },
  {
    ...conv('16 bits', [
      ...[of('uint16', [1, 1, 1, 1], [3]), scale(0.02), of('uint16', [], [3])],
      ...[constant(bytes('uint8', [1, 1, 1, 1], 1)), scale(0.01), u8([], [128]), scale(0.01), u8([], [0])],
    ]),
    error: {
      name: 'UnsupportedError',
      message: 'ConvInteger "tested": the engine does not compute it with uint16 inputs.',
    },
  },
]
