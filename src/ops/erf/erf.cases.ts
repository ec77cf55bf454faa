import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Erf'),
  { name: 'near 0 and far out', operator: 'Erf', inputs: [f32([8], [0.001, -0.0001, 0.5, 1, -1.5, 2.6, 4, -7])] },
  // onnxruntime-web knows float32 only; the values: Abramowitz and Stegun, table 7.1
  {
    name: 'float64',
    operator: 'Erf',
    inputs: [f64([4], [0.5, -1, 2, 3])],
    expected: [f64([4], [0.5204998778130465, -0.8427007929497149, 0.9953222650189527, 0.9999779095030014])],
  },
]
