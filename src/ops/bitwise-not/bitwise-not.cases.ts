import { i32, i64, of, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'int32', operator: 'BitwiseNot', inputs: [i32([3], [-5, 12, 2147483647])] },
  { name: 'uint8', operator: 'BitwiseNot', inputs: [u8([3], [0, 255, 7])] },
  { name: 'uint32', operator: 'BitwiseNot', inputs: [of('uint32', [2], [4294967295, 7])] },
  { name: 'int64', operator: 'BitwiseNot', inputs: [i64([2], [9007199254740993n, -1])] },
  { name: 'uint64', operator: 'BitwiseNot', inputs: [of('uint64', [2], [9007199254740993n, 0n])] },
  { name: 'a zero-sized dimension', operator: 'BitwiseNot', inputs: [i32([0], [])] },
  {
    name: 'floats',
    operator: 'BitwiseNot',
    inputs: [wave([2])],
    error: {
      name: 'UnsupportedError',
      message: 'BitwiseNot "tested": the engine does not compute it with float32 inputs',
    },
  },
]
