import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Atan'),
  {
    name: 'the whole range',
    operator: 'Atan',
    inputs: [f32([9], [-1e30, -20, -2.4142, -1, -0.4, 0.41, 0.42, 2.5, 1000])],
  },
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Atan',
    inputs: [f64([3], [-1, 0, Math.sqrt(3)])],
    expected: [f64([3], [-Math.PI / 4, 0, Math.PI / 3])],
  },
]
