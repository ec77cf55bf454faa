import { bytes, constant, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const filled = (shape: readonly number[], value: number) =>
  Array.from({ length: shape.reduce((product, size) => product * size, 1) }, () => value)

export const cases: readonly OperatorCase[] = [
  {
    name: 'uint8 by int8, zero points',
    operator: 'MatMulInteger',
    inputs: [bytes('uint8', [3, 5]), bytes('int8', [5, 4], 1), u8([], [121]), i8([], [-3])],
  },
  {
    name: 'a constant weight with a zero point per column',
    operator: 'MatMulInteger',
    inputs: [
      bytes('uint8', [2, 3, 5]),
      constant(bytes('uint8', [5, 4], 1)),
      constant(u8([], [7])),
      constant(u8([4], [0, 100, 255, 128])),
    ],
  },
  {
    name: 'int8 by int8, no zero points, batches',
    operator: 'MatMulInteger',
    inputs: [bytes('int8', [2, 3, 5]), bytes('int8', [2, 5, 3], 1)],
  },
  {
    // onnxruntime takes one zero point for a
    name: 'a zero point per row',
    operator: 'MatMulInteger',
    inputs: [u8([2, 2], [1, 2, 3, 4]), i8([2, 1], [10, -1]), u8([2], [1, 3])],
    // (0, 1) · (10, -1) and (0, 1) · (10, -1)
    expected: [{ dtype: 'int32', shape: [2, 1], values: [-1, -1] }],
  },
  {
    // 700 · 255 · 255 is above 2^24: float32 alone would round
    name: 'sums that float32 cannot hold',
    operator: 'MatMulInteger',
    inputs: [u8([1, 701], filled([1, 701], 255)), u8([701, 2], filled([701, 2], 255).with(1, 254))],
  },
  {
    name: 'sums that float32 cannot hold, with a constant weight',
    operator: 'MatMulInteger',
    inputs: [
      u8([1, 701], filled([1, 701], 255)),
      constant(i8([701, 2], filled([701, 2], -127).with(1, -128))),
      u8([], [0]),
      constant(i8([], [1])),
    ],
  },
  {
    name: 'two digits are not enough',
    operator: 'MatMulInteger',
    inputs: [u8([1, 5003], filled([1, 5003], 255)), u8([5003, 1], filled([5003, 1], 255).with(1, 254))],
  },
  {
    // onnxruntime leaves what stood in its memory
    name: 'nothing to add up',
    operator: 'MatMulInteger',
    inputs: [u8([2, 0], []), i8([0, 3], [])],
    expected: [{ dtype: 'int32', shape: [2, 3], values: [0, 0, 0, 0, 0, 0] }],
  },
  {
    name: 'floats',
    operator: 'MatMulInteger',
    inputs: [f32([1, 1], [1]), i8([1, 1], [1])],
    error: {
      name: 'UnsupportedError',
      message: 'MatMulInteger "tested": the engine does not compute it with float32 inputs',
    },
  },
  {
    name: 'a zero point of another type',
    operator: 'MatMulInteger',
    inputs: [u8([1, 1], [1]), i8([1, 1], [1]), i8([], [1])],
    error: {
      name: 'ShapeError',
      message: 'MatMulInteger "tested": the zero point of A must be uint8 as A is, not int8',
    },
  },
  {
    name: 'zero points of another number',
    operator: 'MatMulInteger',
    inputs: [u8([1, 1], [1]), i8([1, 3], [1, 2, 3]), null, i8([2], [1, 2])],
    error: {
      name: 'ShapeError',
      message: 'MatMulInteger "tested": B needs one zero point, or one for each index of its axis 1',
    },
  },
]
