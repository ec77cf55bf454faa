import { constant, f32, f64, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'float32',
    operator: 'Pow',
    inputs: [f32([2, 3], [1, 2, 3, 0.5, 4, 7]), f32([2, 3], [2, -1, 0.5, 3, 0, 1.25])],
  },
  { name: 'broadcast both ways', operator: 'Pow', inputs: [f32([3, 1], [0.5, 1.5, 2]), wave([4])] },
  { name: 'the square of anything', operator: 'Pow', inputs: [wave([3, 5]), constant(f32([], [2]))] },
  { name: 'the cube of anything', operator: 'Pow', inputs: [wave([3, 5]), constant(f32([1], [3]))] },
  {
    name: 'infinities, NaN and zeros',
    operator: 'Pow',
    inputs: [f32([5], [NaN, 0, 0, -2, Infinity]), f32([5], [0, 0, -1, 0.5, -1])],
  },
  {
    name: 'one to any power',
    operator: 'Pow',
    inputs: [f64([4], [1, -1, 1, -1]), f64([4], [NaN, Infinity, -Infinity, NaN])],
  },
  { name: 'int32 to int32', operator: 'Pow', inputs: [i32([5], [-3, 2, 7, 0, -1]), i32([5], [3, 10, 0, 0, 5])] },
  // onnxruntime goes through doubles, which lack the last bits of 3^39
  {
    name: 'int64 to int64, exactly',
    operator: 'Pow',
    inputs: [i64([3], [3, -5, 2]), i64([3], [39, 3, 62])],
    expected: [i64([3], [4052555153018976267n, -125, 4611686018427387904n])],
  },
  // cut towards zero; left open by the specification
  {
    name: 'int32 to a negative power',
    operator: 'Pow',
    inputs: [i32([4], [-1, 1, 2, -1]), i32([4], [-3, -2, -1, -4])],
    expected: [i32([4], [-1, 1, 0, 1])],
  },
  // 3^21 modulo 2^32; not defined in C++
  { name: 'int32 wraps', operator: 'Pow', inputs: [i32([1], [3]), i32([1], [21])], expected: [i32([1], [1870418611])] },
  { name: 'float32 to int64', operator: 'Pow', inputs: [f32([3], [1.5, -2, 0.1]), i64([3], [2, 3, -1])] },
  { name: 'int32 to float32', operator: 'Pow', inputs: [i32([3], [4, 9, 2]), f32([3], [0.5, 1.5, -1])] },
  {
    name: 'int32 to whole float32, broadcast',
    operator: 'Pow',
    inputs: [i32([3, 1], [-3, 2, 7]), f32([4], [0, 3, 5, 1])],
    expected: [i32([3, 4], [1, -27, -243, -3, 1, 8, 32, 2, 1, 343, 16807, 7])],
  },
  {
    name: 'int64 to whole float32',
    operator: 'Pow',
    inputs: [i64([3], [11, -2, 1]), f32([3], [5, 31, 60])],
    expected: [i64([3], [161051, -2147483648, 1])],
  },
  { name: 'int64 to float32', operator: 'Pow', inputs: [i64([2], [4, 9]), f32([2], [0.5, 1.5])] },
  { name: 'float64', operator: 'Pow', inputs: [f64([2], [1.5, 7]), f64([2], [2.5, -3])] },
  { name: 'a zero-sized dimension', operator: 'Pow', inputs: [f32([0, 3], []), wave([3])] },
  { name: 'opset 7', operator: 'Pow', opset: 7, inputs: [f32([3], [1, 2, 3]), wave([3])] },
  {
    name: 'zero to a negative power',
    operator: 'Pow',
    inputs: [i32([1], [0]), i32([1], [-1])],
    error: { name: 'ShapeError', message: 'Pow "tested": an integer 0 has no negative power' },
  },
]
