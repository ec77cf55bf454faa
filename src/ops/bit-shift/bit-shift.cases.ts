import { i32, of, u8, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'left, bits fall out',
    operator: 'BitShift',
    attributes: { direction: 'LEFT' },
    inputs: [u8([4], [16, 4, 1, 255]), u8([4], [1, 2, 3, 4])],
  },
  {
    name: 'right',
    operator: 'BitShift',
    attributes: { direction: 'RIGHT' },
    inputs: [u8([3], [16, 4, 255]), u8([3], [1, 2, 3])],
  },
  {
    name: 'uint32, the top bit',
    operator: 'BitShift',
    attributes: { direction: 'LEFT' },
    inputs: [of('uint32', [2], [4294967295, 7]), of('uint32', [2], [31, 30])],
  },
  {
    name: 'uint32 to the right',
    operator: 'BitShift',
    attributes: { direction: 'RIGHT' },
    inputs: [of('uint32', [2], [4294967295, 7]), of('uint32', [1], [1])],
  },
  {
    name: 'uint64',
    operator: 'BitShift',
    attributes: { direction: 'LEFT' },
    inputs: [of('uint64', [2], [9007199254740993n, 18446744073709551615n]), of('uint64', [2], [60n, 1n])],
  },
  {
    name: 'uint64 to the right',
    operator: 'BitShift',
    attributes: { direction: 'RIGHT' },
    inputs: [of('uint64', [2], [9007199254740993n, 18446744073709551615n]), of('uint64', [2], [3n, 63n])],
  },
  // not defined in C++, so onnxruntime may say anything; NumPy has 0
  {
    name: 'by the width and more',
    operator: 'BitShift',
    attributes: { direction: 'LEFT' },
    inputs: [of('uint32', [2], [5, 5]), of('uint32', [2], [32, 40])],
    expected: [of('uint32', [2], [0, 0])],
  },
  {
    name: 'no direction',
    operator: 'BitShift',
    inputs: [u8([1], [1]), u8([1], [1])],
    error: { name: 'UnsupportedError', message: 'BitShift "tested": the attribute direction is missing' },
  },
  {
    name: 'signed integers',
    operator: 'BitShift',
    attributes: { direction: 'LEFT' },
    inputs: [i32([1], [1]), i32([1], [1])],
    error: { name: 'UnsupportedError', message: 'BitShift "tested": the engine does not compute it with int32 inputs' },
  },
]
