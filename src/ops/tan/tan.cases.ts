import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Tan'),
  // onnxruntime-web knows float32 only
  {
    name: 'float64 by identities',
    operator: 'Tan',
    inputs: [f64([2], [Math.PI / 4, -Math.PI / 3])],
    expected: [f64([2], [1, -Math.sqrt(3)])],
  },
  { name: 'near a pole', operator: 'Tan', inputs: [f32([2], [1.5, -1.57])] },
]
