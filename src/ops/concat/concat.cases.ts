import { bool, constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'middle axis',
    operator: 'Concat',
    attributes: { axis: 1 },
    inputs: [wave([2, 3, 2]), wave([2, 1, 2], 1), wave([2, 2, 2], 2)],
  },
  { name: 'last axis', operator: 'Concat', attributes: { axis: -1 }, inputs: [wave([2, 3]), wave([2, 2], 1)] },
  { name: 'one input', operator: 'Concat', attributes: { axis: 0 }, inputs: [wave([2, 3])] },
  { name: 'an empty one', operator: 'Concat', attributes: { axis: 0 }, inputs: [f32([0, 3], []), wave([2, 3], 1)] },
  { name: 'int64', operator: 'Concat', attributes: { axis: 0 }, inputs: [i64([2], [1, -1]), constant(i64([1], [7]))] },
  { name: 'bool', operator: 'Concat', attributes: { axis: 0 }, inputs: [bool([1], [1]), bool([2], [0, 1])] },
  { name: 'opset 7', operator: 'Concat', opset: 7, attributes: { axis: 1 }, inputs: [wave([2, 1]), wave([2, 3], 1)] },
  {
    name: 'sizes that differ',
    operator: 'Concat',
    attributes: { axis: 0 },
    inputs: [wave([2, 3]), wave([2, 4])],
    error: { name: 'ShapeError', message: 'Concat "tested": the sizes 3 and 4 of axis 1 differ' },
  },
  {
    name: 'ranks that differ',
    operator: 'Concat',
    attributes: { axis: 0 },
    inputs: [wave([2, 3]), wave([2])],
    error: { name: 'ShapeError', message: 'the ranks 2 and 1 differ' },
  },
  {
    name: 'types that differ',
    operator: 'Concat',
    attributes: { axis: 0 },
    inputs: [wave([2]), i64([1], [2])],
    error: { name: 'ShapeError', message: 'all inputs must have one type, not float32 and int64' },
  },
]
