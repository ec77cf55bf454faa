import { i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'first axis', operator: 'GatherElements', inputs: [wave([3, 4]), i64([2, 3], [2, 0, 1, -1, 1, 0])] },
  {
    name: 'last axis',
    operator: 'GatherElements',
    attributes: { axis: -1 },
    inputs: [wave([2, 3]), i64([2, 4], [0, 2, 1, -3, 2, 2, 0, -1])],
  },
  { name: 'int32 indices into int64', operator: 'GatherElements', inputs: [i64([3], [7, 8, 9]), i32([2], [2, 0])] },
  {
    name: 'opset 11, three axes',
    operator: 'GatherElements',
    opset: 11,
    attributes: { axis: 1 },
    inputs: [wave([2, 3, 2]), i64([2, 1, 2], [2, 0, 1, 1])],
  },
  { name: 'no indices', operator: 'GatherElements', inputs: [wave([3, 2]), i64([0, 2], [])] },
  {
    name: 'an index that is not there',
    operator: 'GatherElements',
    inputs: [wave([3]), i64([1], [-4])],
    error: { name: 'ShapeError', message: 'GatherElements "tested": the index -4 must lie in [-3, 2]' },
  },
  {
    name: 'another rank',
    operator: 'GatherElements',
    inputs: [wave([3, 2]), i64([1], [0])],
    error: { name: 'ShapeError', message: 'indices have 1 axes and the input 2' },
  },
  {
    name: 'too many columns',
    operator: 'GatherElements',
    inputs: [wave([3, 2]), i64([1, 3], [0, 0, 0])],
    error: { name: 'ShapeError', message: 'indices have the size 3 along axis 1, and the input 2' },
  },
]
