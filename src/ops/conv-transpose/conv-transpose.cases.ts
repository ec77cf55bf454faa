import { wave, type OperatorCase } from '../../testing/operator-cases'

const transposed = (
  name: string,
  inputs: OperatorCase['inputs'],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({
  name,
  operator: 'ConvTranspose',
  attributes,
  inputs,
})

export const cases: readonly OperatorCase[] = [
  transposed('one axis', [wave([1, 2, 5]), wave([2, 3, 3], 1)], { strides: [2], pads: [1, 0] }),
  transposed('two axes with bias', [wave([2, 2, 3, 4]), wave([2, 3, 2, 3], 1), wave([3], 2)], {
    strides: [2, 1],
    pads: [0, 1, 1, 1],
  }),
  transposed('three axes', [wave([1, 1, 2, 3, 2]), wave([1, 2, 2, 2, 2], 1)], { strides: [1, 2, 2] }),
  transposed('dilations', [wave([1, 1, 3, 3]), wave([1, 1, 2, 2], 1)], { dilations: [2, 3] }),
  transposed('groups', [wave([1, 4, 3, 3]), wave([4, 2, 2, 2], 1)], { group: 2 }),
  transposed('output padding', [wave([1, 1, 3, 3]), wave([1, 2, 3, 3], 1)], {
    strides: [3, 2],
    output_padding: [1, 1],
  }),
  transposed('an output shape', [wave([1, 1, 3, 3]), wave([1, 2, 3, 3], 1)], {
    strides: [3, 2],
    output_shape: [10, 8],
  }),
  transposed('as large as strides say', [wave([1, 1, 3, 3]), wave([1, 2, 3, 3], 1)], {
    auto_pad: 'SAME_UPPER',
    strides: [2, 2],
  }),
  {
    ...transposed('channels that do not fit', [wave([1, 3, 5, 5]), wave([2, 2, 3, 3])]),
    error: { name: 'ShapeError', message: 'ConvTranspose "tested": the input has 3 channels, and the weight wants 2.' },
  },
]
