import { i8, wave, type OperatorCase } from '../../testing/operator-cases'

const pool = (name: string, inputs: OperatorCase['inputs'], attributes: OperatorCase['attributes']): OperatorCase => ({
  name,
  operator: 'MaxPool',
  ...(attributes && { attributes }),
  inputs,
})

export const cases: readonly OperatorCase[] = [
  pool('one axis', [wave([2, 2, 7])], { kernel_shape: [3], strides: [2] }),
  pool('two axes, padded', [wave([1, 2, 5, 6])], { kernel_shape: [3, 2], pads: [1, 0, 2, 1], strides: [2, 3] }),
  pool('three axes', [wave([1, 1, 3, 4, 3])], { kernel_shape: [2, 2, 2] }),
  pool('dilations', [wave([1, 1, 6, 6])], { kernel_shape: [2, 2], dilations: [2, 3] }),
  pool('the last windows reach beyond the edge', [wave([1, 1, 6, 5])], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    ceil_mode: 1,
  }),
  pool('padded as needed', [wave([1, 1, 5, 6])], { kernel_shape: [2, 3], strides: [2, 2], auto_pad: 'SAME_LOWER' }),
  { ...pool('with places', [wave([1, 2, 4, 5])], { kernel_shape: [2, 2], strides: [2, 2] }), outputs: 2 },
  {
    ...pool('with places, columns first', [wave([1, 2, 4, 5])], { kernel_shape: [2, 2], storage_order: 1 }),
    outputs: 2,
  },
  pool('int8', [i8([1, 1, 2, 3], [-5, 3, -128, 127, 0, 9])], { kernel_shape: [2, 2] }),
  {
    ...pool('padding beyond reason', [wave([1, 1, 5, 5])], { kernel_shape: [2, 2], pads: [-1, 0, 0, 0] }),
    error: { name: 'ShapeError', message: 'pads must not be negative: -1, 0, 0, 0' },
  },
]
