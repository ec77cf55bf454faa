import { f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const operator = 'GridSample'
// well inside, at the rim, between rim and corner, and far outside
const grid = f32(
  [1, 2, 5, 2],
  [-0.55, 0.3, 0.05, -0.7, 0.95, 0.9, -1, 1, 1.05, -1.1, 0.42, 1.6, -2.3, 0.15, 3.7, -4.2, -0.9, -0.97, 0.33, 0.66],
)
const MODES = ['linear', 'nearest', 'cubic'] as const
const PADDINGS = ['zeros', 'border', 'reflection'] as const

export const cases: readonly OperatorCase[] = [
  ...MODES.flatMap((mode) =>
    PADDINGS.map((padding_mode): OperatorCase => ({
      name: `${mode}, ${padding_mode}`,
      operator,
      attributes: { mode, padding_mode },
      inputs: [wave([1, 2, 4, 5]), grid],
    })),
  ),
  ...PADDINGS.map((padding_mode): OperatorCase => ({
    name: `corners are centers of pixels, ${padding_mode}`,
    operator,
    attributes: { padding_mode, align_corners: 1 },
    inputs: [wave([1, 2, 4, 5]), grid],
  })),
  ...(['linear', 'nearest'] as const).map((mode): OperatorCase => ({
    name: `three axes, ${mode}`,
    operator,
    attributes: { mode, padding_mode: 'border' },
    inputs: [
      wave([2, 1, 2, 3, 4]),
      { ...wave([2, 1, 2, 2, 3]), values: wave([24]).values.map((v) => Number(v) / 2.5) },
    ],
  })),
  {
    name: 'opset 16, called bilinear',
    operator,
    opset: 16,
    attributes: { mode: 'bilinear' },
    inputs: [wave([1, 2, 4, 5]), grid],
  },
  {
    name: 'int64 by nearest',
    operator,
    attributes: { mode: 'nearest' },
    inputs: [i64([1, 1, 1, 3], [5, 2n ** 60n + 1n, -7]), f32([1, 1, 2, 2], [0, 0, 0.7, 0.1])],
    // onnxruntime samples floats only
    expected: [i64([1, 1, 1, 2], [2n ** 60n + 1n, -7])],
  },
  {
    name: 'a grid for another number of axes',
    operator,
    inputs: [wave([1, 2, 4, 5]), wave([1, 2, 2, 3])],
    error: { name: 'ShapeError', message: 'GridSample "tested": the grid must be [N, …, 2] with 2 axes of places' },
  },
  {
    name: 'another number of images',
    operator,
    inputs: [wave([3, 2, 4, 5]), wave([2, 2, 2, 2])],
    error: { name: 'ShapeError', message: 'input and grid must have the same number of images' },
  },
]
