import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Acos'),
  { name: 'the whole range', operator: 'Acos', inputs: [f32([9], [-1, -0.875, -0.5, -0.25, 0, 0.0625, 0.5, 0.75, 1])] },
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Acos',
    inputs: [f64([3], [-0.5, 0, 1])],
    expected: [f64([3], [(2 / 3) * Math.PI, Math.PI / 2, 0])],
  },
]
