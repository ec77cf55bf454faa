import { i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'float32', operator: 'Abs', inputs: [wave([3, 7])] },
  { name: 'int32', operator: 'Abs', inputs: [i32([3], [-5, 0, 2147483647])] },
  { name: 'int64', operator: 'Abs', inputs: [i64([2], [-9007199254740993n, 4])] },
]
