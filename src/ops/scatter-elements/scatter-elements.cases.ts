import { bool, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'first axis',
    operator: 'ScatterElements',
    inputs: [wave([3, 3]), i64([2, 3], [1, 0, 2, 0, -1, 1]), wave([2, 3], 5)],
  },
  {
    name: 'last axis',
    operator: 'ScatterElements',
    attributes: { axis: -1 },
    inputs: [wave([2, 4]), i32([2, 2], [1, 3, 0, -2]), wave([2, 2], 5)],
  },
  {
    name: 'added twice',
    operator: 'ScatterElements',
    attributes: { reduction: 'add' },
    inputs: [f32([3], [1, 2, 3]), i64([3], [1, 1, 2]), f32([3], [0.5, 4, -1])],
  },
  {
    name: 'multiplied',
    operator: 'ScatterElements',
    attributes: { reduction: 'mul' },
    inputs: [f32([3], [1, 2, 3]), i64([3], [1, 1, 2]), f32([3], [0.5, 4, -1])],
  },
  {
    name: 'largest',
    operator: 'ScatterElements',
    attributes: { reduction: 'max' },
    inputs: [i64([3], [1, 2, 3]), i64([3], [1, 1, 2]), i64([3], [9, 4, -1])],
  },
  {
    name: 'smallest',
    operator: 'ScatterElements',
    attributes: { reduction: 'min' },
    inputs: [wave([2, 2]), i64([1, 2], [1, 0]), f32([1, 2], [-9, 9])],
  },
  {
    name: 'opset 11, bool',
    operator: 'ScatterElements',
    opset: 11,
    inputs: [bool([3], [0, 0, 1]), i64([2], [2, 0]), bool([2], [0, 1])],
  },
  {
    name: 'another shape of updates',
    operator: 'ScatterElements',
    inputs: [wave([3]), i64([2], [0, 1]), wave([3])],
    error: { name: 'ShapeError', message: 'ScatterElements "tested": indices and updates must have one shape' },
  },
  {
    name: 'updates of another type',
    operator: 'ScatterElements',
    inputs: [wave([3]), i64([1], [0]), i64([1], [0])],
    error: { name: 'ShapeError', message: "the updates must have the input's type float32, not int64" },
  },
  {
    name: 'bool cannot be added',
    operator: 'ScatterElements',
    attributes: { reduction: 'add' },
    inputs: [bool([2], [0, 1]), i64([1], [0]), bool([1], [1])],
    error: { name: 'UnsupportedError', message: 'does not compute it with bool inputs' },
  },
]
