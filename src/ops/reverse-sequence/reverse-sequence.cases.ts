import { constant, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'time first', operator: 'ReverseSequence', inputs: [wave([4, 3]), i64([3], [4, 2, 1])] },
  {
    name: 'batch first, more axes',
    operator: 'ReverseSequence',
    attributes: { batch_axis: 0, time_axis: 1 },
    inputs: [wave([2, 3, 2, 2]), i64([2], [3, 2])],
  },
  { name: 'int64', operator: 'ReverseSequence', inputs: [i64([2, 1], [1, 2]), constant(i64([1], [2]))] },
  {
    name: 'a length beyond the end',
    operator: 'ReverseSequence',
    inputs: [wave([2, 1]), i64([1], [3])],
    error: { name: 'ShapeError', message: 'ReverseSequence "tested": the length 3 must lie in [0, 2]' },
  },
  {
    name: 'too few lengths',
    operator: 'ReverseSequence',
    inputs: [wave([2, 3]), i64([2], [1, 1])],
    error: { name: 'ShapeError', message: 'one length for each of 3 batch entries is needed' },
  },
  {
    name: 'one axis',
    operator: 'ReverseSequence',
    inputs: [wave([2]), i64([1], [1])],
    error: { name: 'ShapeError', message: 'the input must have at least 2 axes, not 1' },
  },
  {
    name: 'one axis for both',
    operator: 'ReverseSequence',
    attributes: { batch_axis: 0 },
    inputs: [wave([2, 2]), i64([2], [1, 1])],
    error: { name: 'ShapeError', message: 'batch and time must be the axes 0 and 1, not 0 and 0' },
  },
]
