import { constant, f32, f64, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const [a, b] = [wave([3, 5]), wave([5, 4], 1)]

export const cases: readonly OperatorCase[] = [
  { name: 'no C', operator: 'Gemm', inputs: [a, b] },
  { name: 'C per column', operator: 'Gemm', inputs: [a, b, wave([4], 2)] },
  { name: 'C per column as a row', operator: 'Gemm', inputs: [a, b, wave([1, 4], 2)] },
  { name: 'C per row', operator: 'Gemm', inputs: [a, b, wave([3, 1], 2)] },
  { name: 'C whole', operator: 'Gemm', inputs: [a, b, wave([3, 4], 2)] },
  { name: 'C a scalar', operator: 'Gemm', inputs: [a, b, wave([], 2)] },
  {
    name: 'both transposed, scaled',
    operator: 'Gemm',
    attributes: { alpha: 0.5, beta: -1.5, transA: 1, transB: 1 },
    inputs: [wave([5, 3]), wave([4, 5], 1), wave([4], 2)],
  },
  {
    name: 'a constant C, scaled',
    operator: 'Gemm',
    attributes: { beta: 2.5, transB: 1 },
    inputs: [a, wave([4, 5], 1), constant(wave([3, 1], 2))],
  },
  {
    name: 'many rows, B transposed',
    operator: 'Gemm',
    attributes: { transB: 1 },
    inputs: [wave([7, 5]), wave([3, 5], 1)],
  },
  { name: 'beta 0', operator: 'Gemm', attributes: { beta: { float: 0 } }, inputs: [a, b, wave([4], 2)] },
  { name: 'one column', operator: 'Gemm', inputs: [a, wave([5, 1], 1), wave([3, 1], 2)] },
  { name: 'opset 7', operator: 'Gemm', opset: 7, attributes: { transA: 1 }, inputs: [wave([5, 3]), b, wave([4], 2)] },
  { name: 'float64', operator: 'Gemm', inputs: [f64([1, 2], [0.1, 0.2]), f64([2, 1], [3, 4]), f64([1], [1e-9])] },
  {
    // onnxruntime-web has no integer kernel of it
    name: 'int32 wraps',
    operator: 'Gemm',
    inputs: [i32([1, 2], [65536, 3]), i32([2, 1], [65536, -4]), i32([], [5])],
    expected: [i32([1, 1], [-7])],
  },
  {
    name: 'int64',
    operator: 'Gemm',
    attributes: { transB: 1, beta: { float: 3 } },
    inputs: [i64([1, 2], [3037000499n, 2]), i64([1, 2], [3037000499n, 7]), i64([1], [1])],
    expected: [i64([1, 1], [9223372030926249001n + 17n])],
  },
  { name: 'no rows', operator: 'Gemm', inputs: [f32([0, 5], []), b, wave([4])] },
  {
    name: 'inner sizes that differ',
    operator: 'Gemm',
    attributes: { transA: 1 },
    inputs: [a, b],
    error: { name: 'ShapeError', message: /Gemm "tested": the inner sizes 3 and 5 differ/ },
  },
  {
    name: 'a C that does not fit',
    operator: 'Gemm',
    inputs: [a, b, wave([3], 2)],
    error: { name: 'ShapeError', message: /C must be repeatable to \[3, 4\]/ },
  },
  {
    name: 'three axes',
    operator: 'Gemm',
    inputs: [wave([1, 3, 5]), b],
    error: { name: 'ShapeError', message: 'A must be a matrix' },
  },
  {
    name: 'two types',
    operator: 'Gemm',
    inputs: [a, b, f64([1], [2])],
    error: { name: 'ShapeError', message: 'all inputs must have one type, not float32 and float64' },
  },
]
