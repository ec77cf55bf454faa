import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Acosh'),
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Acosh',
    inputs: [f64([2], [1, 1.25])],
    expected: [f64([2], [0, Math.LN2])],
  },
  { name: 'from 1 up', operator: 'Acosh', inputs: [f32([4], [1, 1.5, 40, 1e20])] },
]
