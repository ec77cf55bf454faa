import { bool, f64, floatCases, of, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('IsNaN'),
  { name: 'float64', operator: 'IsNaN', inputs: [f64([3], [-1.5, NaN, 2])] },
  // onnxruntime-web has no float8 kernel for it
  {
    name: 'float8',
    operator: 'IsNaN',
    inputs: [of('float8e5m2', [3], [NaN, 1, Infinity])],
    expected: [bool([3], [1, 0, 0])],
  },
]
