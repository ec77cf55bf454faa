import { i32, i64, of, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'int32, broadcast', operator: 'BitwiseXor', inputs: [i32([3, 1], [-5, 12, 2147483647]), i32([2], [6, -1])] },
  { name: 'uint8', operator: 'BitwiseXor', inputs: [u8([3], [0b11001100, 255, 0]), u8([3], [0b10101010, 7, 9])] },
  {
    name: 'int64',
    operator: 'BitwiseXor',
    inputs: [i64([2], [9007199254740993n, -1]), i64([2], [-2, 4611686018427387905n])],
  },
  {
    name: 'uint32',
    operator: 'BitwiseXor',
    inputs: [of('uint32', [2], [4294967295, 7]), of('uint32', [2], [2147483649, 12])],
  },
  { name: 'int16', operator: 'BitwiseXor', inputs: [of('int16', [2], [-300, 7]), of('int16', [2], [255, 12])] },
  { name: 'a zero-sized dimension', operator: 'BitwiseXor', inputs: [i32([0], []), i32([1], [3])] },
  {
    name: 'floats',
    operator: 'BitwiseXor',
    inputs: [wave([2]), wave([2])],
    error: {
      name: 'UnsupportedError',
      message: 'BitwiseXor "tested": the engine does not compute it with float32 inputs',
    },
  },
]
