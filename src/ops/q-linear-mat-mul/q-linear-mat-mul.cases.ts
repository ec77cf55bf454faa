import { bytes, constant, f32, i8, u8, type OperatorCase } from '../../testing/operator-cases'

const product = (name: string, inputs: OperatorCase['inputs'], opset = 25): OperatorCase => ({
  ...{ name, operator: 'QLinearMatMul', inputs, opset },
})
const scale = (value: number) => f32([], [value])

export const cases: readonly OperatorCase[] = [
  product('uint8 by int8, a scale per column', [
    ...[bytes('uint8', [2, 3, 5]), scale(0.05), u8([], [121])],
    ...[constant(bytes('int8', [5, 4], 1)), f32([4], [0.01, 0.02, 0.003, 0.04]), i8([4], [0, 0, 0, 0])],
    ...[scale(0.2), u8([], [90])],
  ]),
  product(
    'int8, batches, of opset 10',
    [
      ...[bytes('int8', [2, 3, 5]), scale(0.05), i8([], [-7]), bytes('int8', [2, 5, 3], 1), scale(0.01), i8([], [0])],
      ...[scale(0.1), i8([], [11])],
    ],
    10,
  ),
  {
    // onnxruntime takes one scale for a: 0.5·2·(1·3 + 2·4) and 1·2·11, over 2
    ...product('a scale per row', [
      ...[u8([2, 2], [1, 2, 1, 2]), constant(f32([2], [0.5, 1])), u8([], [0]), u8([2, 1], [3, 4]), scale(2)],
      ...[u8([], [0]), scale(2), u8([], [1])],
    ]),
    // 5.5 rounds to 6
    expected: [u8([2, 1], [7, 12])],
  },
]
