import { f64, floatCases, i32, i64, i8, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Neg'),
  { name: 'int8 wraps', operator: 'Neg', inputs: [i8([3], [-128, 5, 0])] },
  { name: 'int32', operator: 'Neg', inputs: [i32([2], [-7, 9])] },
  { name: 'int64', operator: 'Neg', inputs: [i64([2], [9007199254740993n, -4])] },
  { name: 'float64', operator: 'Neg', inputs: [f64([3], [-1.5, 0.25, 2])] },
]
