import { wave, type OperatorCase } from '../../testing/operator-cases'

const pool = (
  name: string,
  inputs: OperatorCase['inputs'],
  attributes: NonNullable<OperatorCase['attributes']>,
): OperatorCase => ({
  name,
  operator: 'AveragePool',
  attributes,
  inputs,
})

export const cases: readonly OperatorCase[] = [
  pool('one axis', [wave([2, 2, 7])], { kernel_shape: [3], strides: [2] }),
  pool('padding left out', [wave([1, 2, 5, 6])], { kernel_shape: [3, 2], pads: [1, 0, 2, 1], strides: [2, 3] }),
  pool('padding counted', [wave([1, 2, 5, 6])], {
    kernel_shape: [3, 2],
    pads: [1, 0, 2, 1],
    strides: [2, 3],
    count_include_pad: 1,
  }),
  pool('three axes', [wave([1, 1, 3, 4, 3])], { kernel_shape: [2, 2, 2] }),
  pool('dilations', [wave([1, 1, 6, 6])], { kernel_shape: [2, 2], dilations: [2, 3] }),
  pool('beyond the edge', [wave([1, 1, 6, 5])], { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 }),
  pool('beyond the edge, padding counted', [wave([1, 1, 6, 6])], {
    kernel_shape: [3, 3],
    strides: [2, 2],
    pads: [1, 1, 1, 1],
    ceil_mode: 1,
    count_include_pad: 1,
  }),
  { ...pool('opset 7', [wave([1, 1, 4, 4])], { kernel_shape: [2, 2] }), opset: 7 },
  {
    ...pool('no spatial axis', [wave([3, 4])], { kernel_shape: [2] }),
    error: {
      name: 'ShapeError',
      message: 'AveragePool "tested": the input must be [N, C, …] with at least one spatial axis.',
    },
  },
]
