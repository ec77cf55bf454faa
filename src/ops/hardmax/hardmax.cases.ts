import { f32, f64, i32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'Hardmax', inputs: [wave([3, 5])] },
  { name: 'the first of equals', operator: 'Hardmax', inputs: [f32([2, 4], [1, 3, 3, 2, -1, -1, -5, -1])] },
  { name: 'middle axis', operator: 'Hardmax', attributes: { axis: 1 }, inputs: [wave([2, 5, 3])] },
  { name: 'opset 11 flattens', operator: 'Hardmax', opset: 11, attributes: { axis: 1 }, inputs: [wave([2, 3, 4])] },
  {
    // onnxruntime-web has it for float32 only
    name: 'float64',
    operator: 'Hardmax',
    attributes: { axis: 0 },
    inputs: [f64([2, 2], [1, 4, 2, 3])],
    expected: [f64([2, 2], [0, 1, 1, 0])],
  },
  {
    name: 'an axis that is not there',
    operator: 'Hardmax',
    attributes: { axis: 7 },
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: 'axis 7 must lie in' },
  },
  {
    name: 'whole numbers',
    operator: 'Hardmax',
    inputs: [i32([2], [1, 2])],
    error: { name: 'UnsupportedError', message: 'the engine does not compute it with int32 inputs' },
  },
]
