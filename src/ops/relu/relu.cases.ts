import { f64, floatCases, i32, i64, i8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Relu'),
  { name: 'int8', operator: 'Relu', inputs: [i8([4], [-128, 5, 0, 127])] },
  { name: 'int32', operator: 'Relu', inputs: [i32([3], [-7, 0, 9])] },
  // onnxruntime-web has no int64 kernel for it
  {
    name: 'int64',
    operator: 'Relu',
    inputs: [i64([2], [9007199254740993n, -4])],
    expected: [i64([2], [9007199254740993n, 0])],
  },
  { name: 'opset 7', operator: 'Relu', opset: 7, inputs: [wave([5])] },
  { name: 'float64', operator: 'Relu', inputs: [f64([3], [-1.5, 0.25, 2])] },
]
