import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Asinh'),
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Asinh',
    inputs: [f64([2], [0.75, -0.75])],
    expected: [f64([2], [Math.LN2, -Math.LN2])],
  },
  { name: 'large and small', operator: 'Asinh', inputs: [f32([4], [1e20, -1e20, 1e-3, -40])] },
]
