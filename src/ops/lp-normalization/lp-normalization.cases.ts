import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'Euclidean', operator: 'LpNormalization', opset: 18, inputs: [wave([2, 3, 4])] },
  {
    name: 'sum of magnitudes, another axis',
    operator: 'LpNormalization',
    opset: 18,
    attributes: { axis: 1, p: 1 },
    inputs: [wave([2, 3, 4])],
  },
  { name: 'a row of zeros', operator: 'LpNormalization', opset: 18, inputs: [f32([2, 2], [0, 0, 3, -4])] },
  {
    name: 'of third order',
    operator: 'LpNormalization',
    attributes: { p: 3 },
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: 'p must be 1 or 2, not 3' },
  },
]
