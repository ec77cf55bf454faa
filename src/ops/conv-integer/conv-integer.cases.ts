import { bytes, constant, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const all = (value: number, shape: readonly number[]) =>
  u8(shape, Array<number>(shape.reduce((product, size) => product * size, 1)).fill(value))

export const cases: readonly OperatorCase[] = [
  {
    name: 'two axes, padded, zero points',
    operator: 'ConvInteger',
    attributes: { pads: [1, 0, 2, 1], strides: [1, 2] },
    inputs: [bytes('uint8', [1, 2, 5, 7]), bytes('uint8', [3, 2, 3, 2], 1), u8([], [121]), u8([], [77])],
  },
  {
    name: 'groups, no zero points',
    operator: 'ConvInteger',
    attributes: { group: 2 },
    inputs: [bytes('uint8', [2, 4, 5, 5]), constant(bytes('uint8', [6, 2, 3, 3], 1))],
  },
  {
    name: 'one axis',
    operator: 'ConvInteger',
    attributes: { dilations: [2] },
    inputs: [bytes('uint8', [1, 3, 9]), constant(bytes('uint8', [2, 3, 3], 1)), constant(u8([], [3]))],
  },
  {
    // onnxruntime takes one zero point for the weight; 2·1 + 3·(-2) and 2·3 + 3·0
    name: 'a zero point for each output channel',
    operator: 'ConvInteger',
    inputs: [u8([1, 2, 1, 1], [3, 4]), i8([2, 2, 1, 1], [2, -1, 3, 0]), u8([], [1]), i8([2], [1, 0])],
    expected: [{ dtype: 'int32', shape: [1, 2, 1, 1], values: [-4, 6] }],
  },
  {
    name: 'sums that float32 cannot hold',
    operator: 'ConvInteger',
    inputs: [
      all(255, [1, 80, 3, 3]),
      constant({ ...all(255, [1, 80, 3, 3]), values: [254, ...Array<number>(719).fill(255)] }),
    ],
  },
  {
    name: 'channels that do not fit',
    operator: 'ConvInteger',
    inputs: [bytes('uint8', [1, 3, 5, 5]), bytes('uint8', [2, 2, 3, 3])],
    error: {
      name: 'ShapeError',
      message: 'ConvInteger "tested": the input has 3 channels, and the weight wants 2 in each of 1 groups',
    },
  },
]
