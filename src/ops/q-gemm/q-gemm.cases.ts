import { bytes, constant, f32, i32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const scale = (value: number) => f32([], [value])
const gemm = (name: string, inputs: OperatorCase['inputs'], attributes: OperatorCase['attributes'] = {}) => ({
  ...{ name, operator: 'com.microsoft:QGemm', inputs, attributes },
})

export const cases: readonly OperatorCase[] = [
  gemm('uint8 by int8, a scale per column, C', [
    ...[bytes('uint8', [3, 5]), scale(0.05), u8([], [121])],
    ...[constant(bytes('int8', [5, 4], 1)), f32([4], [0.01, 0.02, 0.003, 0.04]), i8([4], [0, 0, 0, 0])],
    ...[i32([4], [1000, -3000, 7, 0]), scale(0.2), u8([], [90])],
  ]),
  gemm(
    'int8, transposed, alpha, one row of C',
    [
      ...[bytes('int8', [5, 3]), scale(0.05), i8([], [-7]), bytes('int8', [4, 5], 1), scale(0.01), i8([], [0])],
      ...[i32([1, 4], [100, -300, 7, 0]), scale(0.05), i8([], [11])],
    ],
    { transA: 1, transB: 1, alpha: 0.5 },
  ),
  gemm('a float result', [
    ...[bytes('uint8', [3, 5]), scale(0.05), u8([], [121])],
    ...[constant(bytes('uint8', [5, 4], 1)), f32([4], [0.01, 0.02, 0.003, 0.04]), u8([4], [1, 2, 3, 4])],
    ...[i32([3, 4], [1000, -3000, 7, 0, 1, 2, 3, 4, 5, 6, 7, 8])],
  ]),
]
