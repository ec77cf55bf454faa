import { wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'Euclidean',
    operator: 'LpPool',
    opset: 18,
    attributes: { kernel_shape: [2, 3], strides: [1, 2] },
    inputs: [wave([1, 2, 4, 7])],
  },
  {
    name: 'sum of magnitudes',
    operator: 'LpPool',
    opset: 18,
    attributes: { kernel_shape: [2], p: 1, pads: [1, 0] },
    inputs: [wave([2, 1, 5])],
  },
  {
    name: 'of third order',
    operator: 'LpPool',
    opset: 18,
    attributes: { kernel_shape: [2, 2], p: 3, dilations: [2, 1] },
    inputs: [wave([1, 1, 5, 4])],
  },
]
