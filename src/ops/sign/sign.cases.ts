import { floatCases, i32, i64, u8, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  ...floatCases('Sign'),
  { name: 'int32', operator: 'Sign', inputs: [i32([3], [-7, 0, 9])] },
  { name: 'uint8', operator: 'Sign', inputs: [u8([2], [0, 200])] },
  { name: 'int64', operator: 'Sign', inputs: [i64([3], [-9007199254740993n, 0, 4])] },
]
