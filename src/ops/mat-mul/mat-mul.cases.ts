import { bool, f16, f32, f64, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'matrices', operator: 'MatMul', inputs: [wave([3, 7]), wave([7, 5], 2)] },
  { name: 'one matrix for a batch', operator: 'MatMul', inputs: [wave([2, 3, 5]), wave([5, 4], 1)] },
  { name: 'one matrix before a batch', operator: 'MatMul', inputs: [wave([3, 5]), wave([2, 5, 4], 1)] },
  { name: 'batches that broadcast', operator: 'MatMul', inputs: [wave([2, 1, 3, 2]), wave([3, 2, 3], 1)] },
  { name: 'a row', operator: 'MatMul', inputs: [wave([5]), wave([2, 5, 3], 1)] },
  { name: 'a column', operator: 'MatMul', inputs: [wave([2, 3, 5]), wave([5], 1)] },
  { name: 'two vectors', operator: 'MatMul', inputs: [wave([6]), wave([6], 1)] },
  { name: 'opset 9', operator: 'MatMul', opset: 9, inputs: [wave([2, 5]), wave([5, 2], 1)] },
  { name: 'no rows', operator: 'MatMul', inputs: [f32([0, 3], []), wave([3, 2])] },
  {
    name: 'nothing to sum',
    operator: 'MatMul',
    inputs: [f32([2, 0], []), f32([0, 3], [])],
    expected: [f32([2, 3], [0, 0, 0, 0, 0, 0])],
  },
  { name: 'float64', operator: 'MatMul', inputs: [f64([1, 2], [0.1, 0.2]), f64([2, 1], [3, 1e-9])] },
  {
    // onnxruntime-web has no float16 kernel of it
    name: 'float16, rounded once',
    operator: 'MatMul',
    inputs: [f16([1, 3], [1, 2048, 1]), f16([3, 1], [1, 1, 1])],
    expected: [f16([1, 1], [2050])],
  },
  {
    name: 'int32 wraps',
    operator: 'MatMul',
    inputs: [i32([1, 3], [65536, -7, 3]), i32([3, 1], [65536, 11, 65535])],
  },
  {
    name: 'int64 beyond 2^53',
    operator: 'MatMul',
    inputs: [i64([2, 2], [3037000499n, 2, -1, 5]), i64([2, 1], [3037000499n, 7])],
  },
  {
    name: 'inner sizes that differ',
    operator: 'MatMul',
    inputs: [wave([2, 3]), wave([4, 2])],
    error: { name: 'ShapeError', message: /MatMul "tested": the inner sizes 3 and 4 differ.*\[2, 3\], \[4, 2\]/ },
  },
  {
    name: 'batches that do not fit',
    operator: 'MatMul',
    inputs: [wave([2, 2, 3]), wave([3, 3, 2])],
    error: { name: 'ShapeError', message: /before the matrices the sizes 2 and 3/ },
  },
  {
    name: 'a scalar',
    operator: 'MatMul',
    inputs: [wave([]), wave([3, 2])],
    error: { name: 'ShapeError', message: 'a scalar cannot be multiplied' },
  },
  {
    name: 'two types',
    operator: 'MatMul',
    inputs: [wave([2, 3]), f64([3, 1], [1, 2, 3])],
    error: { name: 'ShapeError', message: 'both inputs must have one type, not float32 and float64' },
  },
  {
    name: 'truth values',
    operator: 'MatMul',
    inputs: [bool([1, 1], [1]), bool([1, 1], [1])],
    error: { name: 'UnsupportedError', message: 'the engine does not compute it with bool inputs' },
  },
]
