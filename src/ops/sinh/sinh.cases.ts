import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Sinh'),
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Sinh',
    inputs: [f64([2], [Math.LN2, -Math.LN2])],
    expected: [f64([2], [0.75, -0.75])],
  },
  { name: 'the ends of float32', operator: 'Sinh', inputs: [f32([3], [88.9, -88.9, 12.5])] },
]
