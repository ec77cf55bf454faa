import { bool, f32, i32, i64, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'three axes', operator: 'NonZero', inputs: [f32([2, 2, 3], [0, 1, 0, 0, 0, -2, 3, 0, 0, NaN, 0, 0])] },
  { name: 'bool', operator: 'NonZero', inputs: [bool([4], [1, 0, 0, 1])] },
  { name: 'none', operator: 'NonZero', inputs: [i64([2], [0, 0])] },
  // onnxruntime-web gives a scalar one axis
  { name: 'a scalar', operator: 'NonZero', inputs: [f32([], [2])], expected: [i64([0, 1], [])] },
  { name: 'opset 9', operator: 'NonZero', opset: 9, inputs: [i32([2, 2], [0, 5, 6, 0])] },
]
