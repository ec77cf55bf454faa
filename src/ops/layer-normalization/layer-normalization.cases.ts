import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'the last axis', operator: 'LayerNormalization', inputs: [wave([2, 3, 5]), wave([5], 1), wave([5], 2)] },
  {
    name: 'without bias',
    operator: 'LayerNormalization',
    attributes: { epsilon: 0.05 },
    inputs: [wave([4, 7]), wave([7], 1)],
  },
  {
    name: 'two axes',
    operator: 'LayerNormalization',
    attributes: { axis: 1 },
    inputs: [wave([2, 3, 4]), wave([3, 4], 1), wave([3, 4], 2)],
  },
  {
    name: 'with its moments',
    operator: 'LayerNormalization',
    attributes: { axis: -2 },
    inputs: [wave([2, 3, 4]), wave([3, 4], 1), wave([3, 4], 2)],
    outputs: 3,
  },
  {
    name: 'a scale that does not fit',
    operator: 'LayerNormalization',
    inputs: [wave([2, 3, 5]), wave([4])],
    error: { name: 'ShapeError', message: 'scale and bias must broadcast to the input' },
  },
  {
    name: 'an axis that is not there',
    operator: 'LayerNormalization',
    attributes: { axis: 3 },
    inputs: [wave([2, 3, 5]), f32([5], [1, 1, 1, 1, 1])],
    error: { name: 'ShapeError', message: 'axis 3 must lie in [-3, 2]' },
  },
  {
    name: 'a scale for each row',
    operator: 'LayerNormalization',
    attributes: { epsilon: 1e-20 },
    inputs: [f32([2, 2], [1, 3, 2, 6]), f32([2, 1], [2, 3]), f32([1], [0.5])],
    expected: [f32([2, 2], [-1.5, 2.5, -2.5, 3.5])],
  },
]
