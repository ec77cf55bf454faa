import { bool, constant, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const middle = wave([2, 3])
const rowOf = (row: number) => Array.from({ length: 3 }, (_, i) => Number(middle.values[3 * row + i]))
const paddedWave = [...[0, 1].flatMap((row) => [1.5, 1.5, ...rowOf(row), 1.5]), ...new Array<number>(6).fill(1.5)]

export const cases: readonly OperatorCase[] = [
  { name: 'zeros', operator: 'Pad', inputs: [wave([2, 3]), i64([4], [1, 0, 2, 1])] },
  {
    name: 'constant pads, a value',
    operator: 'Pad',
    inputs: [wave([2, 3]), constant(i64([4], [0, 2, 1, 1])), constant(f32([], [1.5]))],
  },
  { name: 'a negative pad cuts off', operator: 'Pad', inputs: [wave([3, 5]), constant(i64([4], [-1, 2, 1, -2]))] },
  {
    name: 'named axes',
    operator: 'Pad',
    inputs: [wave([2, 3, 2]), constant(i64([4], [1, 2, 0, 1])), null, constant(i64([2], [-1, 0]))],
  },
  {
    name: 'mirrored',
    operator: 'Pad',
    attributes: { mode: 'reflect' },
    inputs: [wave([3, 4]), constant(i64([4], [1, 3, 2, 2]))],
  },
  {
    name: 'edges',
    operator: 'Pad',
    attributes: { mode: 'edge' },
    inputs: [wave([2, 3]), constant(i64([4], [0, 2, 3, 1]))],
  },
  {
    name: 'wrapped',
    operator: 'Pad',
    attributes: { mode: 'wrap' },
    inputs: [wave([2, 3]), constant(i64([4], [1, 2, 3, 4]))],
  },
  {
    name: 'mirrored and cut off',
    operator: 'Pad',
    attributes: { mode: 'reflect' },
    inputs: [f32([5], [1, 2, 3, 4, 5]), constant(i64([2], [-2, 2]))],
    expected: [f32([5], [3, 4, 5, 4, 3])],
  },
  {
    name: 'wrapped many times',
    operator: 'Pad',
    attributes: { mode: 'wrap' },
    inputs: [i64([1, 3], [4, 5, 6]), constant(i64([4], [0, 13, 0, 14]))],
    expected: [
      i64(
        [1, 30],
        Array.from({ length: 30 }, (_, i) => [6, 4, 5][i % 3]!),
      ),
    ],
  },
  {
    name: 'a value that is no constant',
    operator: 'Pad',
    inputs: [middle, constant(i64([4], [0, 2, 1, 1])), f32([], [1.5])],
    expected: [f32([3, 6], paddedWave)],
  },
  { name: 'int64', operator: 'Pad', inputs: [i64([2], [4, 5]), i64([2], [1, 1]), i64([1], [-7])] },
  { name: 'bool', operator: 'Pad', inputs: [bool([2], [1, 0]), constant(i64([2], [1, 2])), constant(bool([], [1]))] },
  {
    name: 'nothing becomes something',
    operator: 'Pad',
    inputs: [f32([0, 2], []), constant(i64([4], [1, 0, 1, 0])), constant(f32([], [3]))],
  },
  {
    name: 'opset 7, pads as attribute',
    operator: 'Pad',
    opset: 7,
    attributes: { mode: 'edge', pads: [1, 0, 0, 2] },
    inputs: [wave([2, 3])],
  },
  {
    name: 'too few pads',
    operator: 'Pad',
    inputs: [wave([2, 3]), i64([2], [1, 1])],
    error: { name: 'ShapeError', message: 'Pad "tested": 4 pads are needed for 2 axes, not 2' },
  },
  {
    name: 'more cut off than there is',
    operator: 'Pad',
    inputs: [wave([2]), i64([2], [-2, -1])],
    error: { name: 'ShapeError', message: 'axis 0 would get the size -1' },
  },
  {
    name: 'nothing to repeat',
    operator: 'Pad',
    attributes: { mode: 'edge' },
    inputs: [f32([0], []), i64([2], [1, 0])],
    error: { name: 'ShapeError', message: 'axis 0 has no elements to repeat' },
  },
  {
    name: 'a value of another type',
    operator: 'Pad',
    inputs: [wave([2]), i64([2], [1, 0]), i64([], [1])],
    error: { name: 'ShapeError', message: "the value must have the input's type float32, not int64" },
  },
]
