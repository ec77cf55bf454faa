import { constant, f32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

const byScale = (
  name: string,
  shape: readonly number[],
  scales: readonly number[],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({
  name,
  operator: 'Resize',
  opset: 19,
  attributes,
  inputs: [wave(shape), null, constant(f32([scales.length], scales))],
})
const bySize = (
  name: string,
  shape: readonly number[],
  sizes: readonly number[],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({
  name,
  operator: 'Resize',
  opset: 19,
  attributes,
  inputs: [wave(shape), null, null, constant(i64([sizes.length], sizes))],
})

export const cases: readonly OperatorCase[] = [
  byScale('nearest, larger', [1, 1, 2, 3], [1, 1, 2, 2.6]),
  byScale('nearest, smaller', [1, 2, 5, 4], [1, 1, 0.6, 0.5], {
    nearest_mode: 'floor',
    coordinate_transformation_mode: 'asymmetric',
  }),
  ...(['round_prefer_ceil', 'ceil'] as const).map((nearest_mode) =>
    bySize(`nearest, ${nearest_mode}`, [1, 1, 3, 4], [1, 1, 7, 6], { nearest_mode }),
  ),
  ...(['half_pixel', 'pytorch_half_pixel', 'align_corners', 'asymmetric'] as const).map(
    (coordinate_transformation_mode) =>
      bySize(`linear, ${coordinate_transformation_mode}`, [1, 2, 3, 4], [1, 2, 5, 3], {
        mode: 'linear',
        coordinate_transformation_mode,
      }),
  ),
  byScale('linear, one output', [1, 1, 4, 4], [1, 1, 0.25, 2], {
    mode: 'linear',
    coordinate_transformation_mode: 'pytorch_half_pixel',
  }),
  byScale('cubic', [1, 1, 4, 5], [1, 1, 1.5, 0.8], { mode: 'cubic' }),
  byScale('cubic, outside left out', [1, 1, 4, 4], [1, 1, 2, 2], {
    mode: 'cubic',
    exclude_outside: 1,
    cubic_coeff_a: { float: -0.5 },
  }),
  bySize('only some axes', [1, 2, 3, 4], [5, 6], { mode: 'linear', axes: [2, 3] }),
  bySize('the ratio of sides is kept, not larger', [1, 1, 2, 4], [7, 8], {
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_larger',
  }),
  {
    name: 'a part of the picture, and beyond it',
    operator: 'Resize',
    opset: 19,
    attributes: {
      mode: 'linear',
      coordinate_transformation_mode: 'tf_crop_and_resize',
      extrapolation_value: { float: 10 },
    },
    inputs: [
      wave([1, 1, 4, 4]),
      constant(f32([8], [0, 0, 0.4, 0.6, 1, 1, 1.2, 0.9])),
      null,
      constant(i64([4], [1, 1, 3, 3])),
    ],
  },
  {
    name: 'opset 10',
    operator: 'Resize',
    opset: 10,
    attributes: { mode: 'linear' },
    inputs: [wave([1, 1, 2, 3]), constant(f32([4], [1, 1, 2, 2]))],
  },
  {
    name: 'bytes',
    operator: 'Resize',
    opset: 19,
    inputs: [u8([1, 1, 2, 2], [1, 200, 3, 255]), null, constant(f32([4], [1, 1, 2, 1.5]))],
  },
  {
    ...byScale('a scale of nothing', [1, 1, 2, 2], [1, 1, 0, 2]),
    error: { name: 'ShapeError', message: 'scales must be positive, not 1, 1, 0, 2' },
  },
  {
    ...byScale('too few scales', [1, 1, 2, 2], [2, 2]),
    error: { name: 'ShapeError', message: 'scales has 2 entries for 4 axes' },
  },
]
