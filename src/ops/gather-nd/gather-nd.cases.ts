import { i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'elements', operator: 'GatherND', inputs: [wave([3, 4]), i64([2, 2], [2, 0, -1, 1])] },
  { name: 'rows', operator: 'GatherND', inputs: [wave([3, 2]), i64([2, 2, 1], [2, 0, 1, 1])] },
  {
    name: 'in batches',
    operator: 'GatherND',
    attributes: { batch_dims: 1 },
    inputs: [wave([2, 3, 2]), i64([2, 1], [1, 2])],
  },
  {
    name: 'in batches, several each',
    operator: 'GatherND',
    attributes: { batch_dims: 1 },
    inputs: [wave([2, 3, 2]), i64([2, 3, 2], [0, 1, 2, 0, 1, 1, 0, 0, 2, 1, -1, -1])],
  },
  {
    name: 'opset 11, int64',
    operator: 'GatherND',
    opset: 11,
    inputs: [i64([2, 2], [1, 2, 3, 4]), i64([1, 2], [1, 0])],
  },
  {
    name: 'too long tuples',
    operator: 'GatherND',
    inputs: [wave([3]), i64([1, 2], [0, 0])],
    error: { name: 'ShapeError', message: 'GatherND "tested": an index of 2 numbers does not fit 1 axes' },
  },
  {
    name: 'too many batch axes',
    operator: 'GatherND',
    attributes: { batch_dims: 2 },
    inputs: [wave([3, 2]), i64([3, 2], [0, 0, 0, 0, 0, 0])],
    error: { name: 'ShapeError', message: 'batch_dims 2 must lie in [0, 1]' },
  },
  {
    name: 'batches that differ',
    operator: 'GatherND',
    attributes: { batch_dims: 1 },
    inputs: [wave([3, 2]), i64([2, 1], [0, 0])],
    error: { name: 'ShapeError', message: 'the sizes 3 and 2 of batch axis 0 differ' },
  },
  {
    name: 'an index that is not there',
    operator: 'GatherND',
    inputs: [wave([3]), i64([1, 1], [3])],
    error: { name: 'ShapeError', message: 'the index 3 must lie in [-3, 2]' },
  },
]
