import { f32, f64, floatCases, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('IsInf'),
  {
    name: 'only positive',
    operator: 'IsInf',
    attributes: { detect_negative: 0 },
    inputs: [f32([3], [Infinity, -Infinity, 1])],
  },
  {
    name: 'only negative',
    operator: 'IsInf',
    attributes: { detect_positive: 0 },
    inputs: [f32([3], [Infinity, -Infinity, 1])],
  },
  {
    name: 'neither',
    operator: 'IsInf',
    attributes: { detect_positive: 0, detect_negative: 0 },
    inputs: [f32([3], [Infinity, -Infinity, 1])],
  },
  {
    name: 'the largest finite number',
    operator: 'IsInf',
    inputs: [f32([2], [3.4028234663852886e38, -3.4028234663852886e38])],
  },
  { name: 'float64', operator: 'IsInf', inputs: [f64([3], [-1.5, Infinity, 2])] },
]
