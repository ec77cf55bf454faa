import { constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'largest', operator: 'TopK', inputs: [wave([3, 5]), i64([1], [3])], outputs: 2 },
  {
    name: 'smallest, first axis',
    operator: 'TopK',
    attributes: { axis: 0, largest: 0 },
    inputs: [wave([4, 2], 2), constant(i64([1], [2]))],
    outputs: 2,
  },
  {
    name: 'equals keep their order',
    operator: 'TopK',
    inputs: [f32([6], [1, 3, 3, 0, 3, 1]), i64([1], [5])],
    outputs: 2,
  },
  {
    name: 'int64',
    operator: 'TopK',
    attributes: { largest: 0 },
    inputs: [i64([4], [9007199254740993n, 9007199254740992n, 5, -3]), i64([1], [4])],
    outputs: 2,
  },
  { name: 'none', operator: 'TopK', inputs: [wave([2, 3]), i64([1], [0])], outputs: 2 },
  {
    name: 'opset 7, K as attribute',
    operator: 'TopK',
    opset: 7,
    attributes: { k: 2 },
    inputs: [wave([2, 4], 1)],
    outputs: 2,
  },
  {
    name: 'more than there are',
    operator: 'TopK',
    inputs: [wave([3]), i64([1], [4])],
    outputs: 2,
    error: { name: 'ShapeError', message: 'TopK "tested": 4 elements cannot be taken of 3' },
  },
]
