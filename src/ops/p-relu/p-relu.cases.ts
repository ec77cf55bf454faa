import { f32, f64, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'one slope per channel', operator: 'PRelu', inputs: [wave([2, 3, 4]), f32([3, 1], [0.25, -0.5, 2])] },
  { name: 'one slope', operator: 'PRelu', inputs: [wave([5]), f32([1], [0.1])] },
  { name: 'a slope per element', operator: 'PRelu', inputs: [wave([2, 3]), wave([2, 3], 2)] },
  { name: 'scalars', operator: 'PRelu', inputs: [f32([], [-2]), f32([], [0.5])] },
  { name: 'a zero-sized dimension', operator: 'PRelu', inputs: [f32([0, 3], []), wave([3])] },
  { name: 'opset 7', operator: 'PRelu', opset: 7, inputs: [wave([2, 3]), wave([3], 2)] },
  // onnxruntime-web knows float32 only
  {
    name: 'float64',
    operator: 'PRelu',
    inputs: [f64([3], [-1, 0, 2]), f64([1], [0.25])],
    expected: [f64([3], [-0.25, 0, 2])],
  },
  // onnxruntime-web knows floats only
  {
    name: 'int32',
    operator: 'PRelu',
    inputs: [i32([3], [-7, 0, 9]), i32([3], [2, 3, 4])],
    expected: [i32([3], [-14, 0, 9])],
  },
  {
    name: 'int64',
    operator: 'PRelu',
    inputs: [i64([2], [-9007199254740993n, 9]), i64([1], [2])],
    expected: [i64([2], [-18014398509481986n, 9])],
  },
  {
    name: 'a slope that is larger than x',
    operator: 'PRelu',
    inputs: [wave([3]), wave([2, 3])],
    error: { name: 'ShapeError', message: 'PRelu "tested": the slope must broadcast to the shape of x' },
  },
]
