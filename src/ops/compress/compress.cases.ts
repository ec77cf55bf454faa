import { bool, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'rows', operator: 'Compress', attributes: { axis: 0 }, inputs: [wave([3, 2]), bool([3], [0, 1, 1])] },
  {
    name: 'columns, a short list',
    operator: 'Compress',
    attributes: { axis: -1 },
    inputs: [wave([2, 4]), bool([3], [1, 0, 1])],
  },
  { name: 'elements', operator: 'Compress', inputs: [i64([2, 3], [1, 2, 3, 4, 5, 6]), bool([5], [0, 1, 0, 0, 1])] },
  { name: 'none', operator: 'Compress', opset: 9, attributes: { axis: 0 }, inputs: [wave([2, 2]), bool([2], [0, 0])] },
  {
    name: 'beyond the end',
    operator: 'Compress',
    attributes: { axis: 0 },
    inputs: [wave([1, 2]), bool([2], [1, 1])],
    error: { name: 'ShapeError', message: 'Compress "tested": the condition chooses entry 1 of 1' },
  },
  {
    name: 'a condition of numbers',
    operator: 'Compress',
    inputs: [wave([2]), i64([2], [1, 0])],
    error: { name: 'ShapeError', message: 'the condition must be bool, not int64' },
  },
  {
    name: 'a condition of two axes',
    operator: 'Compress',
    inputs: [wave([2]), bool([1, 2], [1, 0])],
    error: { name: 'ShapeError', message: 'the condition must be a list, not of 2 axes' },
  },
]
