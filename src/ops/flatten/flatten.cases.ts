import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'default axis', operator: 'Flatten', inputs: [wave([2, 3, 4])] },
  { name: 'before the first', operator: 'Flatten', attributes: { axis: 0 }, inputs: [wave([2, 3])] },
  { name: 'behind the last', operator: 'Flatten', attributes: { axis: 2 }, inputs: [wave([2, 3])] },
  { name: 'counted from the end', operator: 'Flatten', attributes: { axis: -1 }, inputs: [wave([2, 3, 4])] },
  { name: 'a scalar', operator: 'Flatten', attributes: { axis: 0 }, inputs: [f32([], [2])] },
  { name: 'opset 7', operator: 'Flatten', opset: 7, inputs: [wave([3, 1, 2])] },
  {
    name: 'an axis that is not there',
    operator: 'Flatten',
    attributes: { axis: 3 },
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: 'Flatten "tested": axis 3 must lie in [-2, 2]' },
  },
]
