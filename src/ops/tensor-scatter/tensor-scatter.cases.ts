import { constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const cache = f32(
  [2, 4, 2],
  Array.from({ length: 16 }, (_, i) => i),
)
const update = f32(
  [2, 2, 2],
  Array.from({ length: 8 }, (_, i) => -1 - i),
)
// onnxruntime-web has no kernel of it; worked out by hand from the specification
const atStart = [-1, -2, -3, -4, 4, 5, 6, 7, -5, -6, -7, -8, 12, 13, 14, 15]
const atOneAndTwo = [0, 1, -1, -2, -3, -4, 6, 7, 8, 9, 10, 11, -5, -6, -7, -8]
const overTheEnd = [-3, -4, 2, 3, 4, 5, -1, -2, 8, 9, -5, -6, -7, -8, 14, 15]

export const cases: readonly OperatorCase[] = [
  { name: 'at the start', operator: 'TensorScatter', inputs: [cache, update], expected: [f32([2, 4, 2], atStart)] },
  {
    name: 'at an index each',
    operator: 'TensorScatter',
    inputs: [cache, update, i64([2], [1, 2])],
    expected: [f32([2, 4, 2], atOneAndTwo)],
  },
  {
    name: 'constant indices',
    operator: 'TensorScatter',
    inputs: [cache, update, constant(i64([2], [1, 2]))],
    expected: [f32([2, 4, 2], atOneAndTwo)],
  },
  {
    name: 'over the end',
    operator: 'TensorScatter',
    attributes: { mode: 'circular' },
    inputs: [cache, update, constant(i64([2], [3, 5]))],
    expected: [f32([2, 4, 2], overTheEnd)],
  },
  {
    name: 'last axis',
    operator: 'TensorScatter',
    attributes: { axis: 1 },
    inputs: [i64([1, 3], [1, 2, 3]), i64([1, 1], [9]), i64([1], [2])],
    expected: [i64([1, 3], [1, 2, 9])],
  },
  {
    name: 'beyond the end',
    operator: 'TensorScatter',
    inputs: [cache, update, i64([2], [1, 3])],
    error: { name: 'ShapeError', message: 'TensorScatter "tested": 2 entries written at 3 do not fit 4' },
  },
  {
    name: 'the batch axis',
    operator: 'TensorScatter',
    attributes: { axis: 0 },
    inputs: [cache, update],
    error: { name: 'ShapeError', message: 'axis 0 is the batch and cannot be the sequence' },
  },
  {
    name: 'another width',
    operator: 'TensorScatter',
    inputs: [cache, wave([2, 2, 3])],
    error: { name: 'ShapeError', message: 'the size 3 of axis 2 does not fit 2' },
  },
  {
    name: 'another rank',
    operator: 'TensorScatter',
    inputs: [cache, wave([2, 2])],
    error: { name: 'ShapeError', message: 'the ranks 3 and 2 differ' },
  },
  {
    name: 'another type',
    operator: 'TensorScatter',
    inputs: [cache, i64([2, 0, 2], [])],
    error: { name: 'ShapeError', message: 'both inputs must have one type, not float32 and int64' },
  },
]
