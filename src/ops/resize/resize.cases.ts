import { constant, f32, i64, of, wave, type CaseInput, type OperatorCase } from '../../testing/operator-cases'

const scales = (...values: number[]): CaseInput => constant(f32([values.length], values))
const sizes = (...values: number[]): CaseInput => constant(i64([values.length], values))

const byScales = (
  name: string,
  x: CaseInput,
  values: number[],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({ name, operator: 'Resize', attributes, inputs: [x, null, scales(...values)] })

const bySizes = (
  name: string,
  x: CaseInput,
  values: number[],
  attributes: OperatorCase['attributes'] = {},
): OperatorCase => ({ name, operator: 'Resize', attributes, inputs: [x, null, null, sizes(...values)] })

const image = wave([1, 2, 3, 4])
const MODES = ['half_pixel', 'half_pixel_symmetric', 'pytorch_half_pixel', 'align_corners', 'asymmetric'] as const

export const cases: readonly OperatorCase[] = [
  byScales('twice as large, as networks do it', image, [1, 1, 2, 2], {
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor',
  }),
  ...(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const).map((nearest_mode) =>
    bySizes(`nearest, ${nearest_mode}`, image, [1, 2, 5, 6], { nearest_mode }),
  ),
  ...MODES.map((mode) =>
    bySizes(`linear, ${mode}`, image, [1, 2, 5, 3], { mode: 'linear', coordinate_transformation_mode: mode }),
  ),
  ...MODES.map((mode) =>
    byScales(`cubic, ${mode}`, wave([1, 1, 4, 5]), [1, 1, 1.6, 0.7], {
      mode: 'cubic',
      coordinate_transformation_mode: mode,
    }),
  ),
  bySizes('cubic, without what lies outside', wave([1, 1, 4, 5]), [1, 1, 7, 3], {
    mode: 'cubic',
    exclude_outside: 1,
    cubic_coeff_a: -0.5,
  }),
  bySizes('one place of many, in the manner of PyTorch', wave([1, 1, 4, 5]), [1, 1, 1, 1], {
    mode: 'linear',
    coordinate_transformation_mode: 'pytorch_half_pixel',
  }),
  bySizes('linear, smaller without aliasing', wave([1, 1, 7, 6]), [1, 1, 3, 4], { mode: 'linear', antialias: 1 }),
  bySizes('cubic, smaller without aliasing', wave([1, 1, 7, 6]), [1, 1, 3, 4], { mode: 'cubic', antialias: 1 }),
  byScales('three axes', wave([1, 1, 2, 3, 2]), [1, 1, 1.5, 2, 2], { mode: 'linear' }),
  {
    ...bySizes('a part of the image, with what lies outside', wave([1, 1, 4, 5]), [1, 1, 3, 4]),
    inputs: [wave([1, 1, 4, 5]), constant(f32([8], [0, 0, 0.2, -0.3, 1, 1, 0.8, 0.9])), null, sizes(1, 1, 3, 4)],
    attributes: { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize', extrapolation_value: 10.5 },
  },
  bySizes('no larger, in proportion', wave([1, 1, 4, 5]), [7, 8], {
    mode: 'linear',
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_larger',
  }),
  bySizes('no smaller, in proportion', wave([1, 1, 4, 5]), [7, 8], {
    axes: [2, 3],
    keep_aspect_ratio_policy: 'not_smaller',
  }),
  byScales('some axes, counted from the end', image, [1.5, 2], { axes: [-1, -2], mode: 'linear' }),
  {
    name: 'scales that are an input',
    operator: 'Resize',
    attributes: { mode: 'linear' },
    inputs: [image, null, f32([4], [1, 1, 2, 0.5])],
  },
  {
    name: 'opset 11 with empty scales',
    operator: 'Resize',
    opset: 11,
    attributes: { mode: 'linear', coordinate_transformation_mode: 'align_corners' },
    inputs: [image, constant(f32([0], [])), constant(f32([0], [])), sizes(1, 2, 5, 7)],
  },
  {
    ...byScales('uint8 by nearest neighbours', of('uint8', [1, 1, 2, 3], [1, 200, 3, 4, 50, 6]), [1, 1, 2, 3]),
  },
  {
    ...byScales('int64 by nearest neighbours', i64([2, 2], [1, 2n ** 60n + 1n, 3, -4]), [1, 2]),
    // onnxruntime has no kernel for int64
    expected: [i64([2, 4], [1, 1, 2n ** 60n + 1n, 2n ** 60n + 1n, 3, 3, -4, -4])],
  },
  {
    name: 'a part of the image, by scales',
    operator: 'Resize',
    attributes: { coordinate_transformation_mode: 'tf_crop_and_resize' },
    inputs: [wave([1, 1, 5, 6]), constant(f32([8], [0, 0, 0.2, 0.1, 1, 1, 0.8, 0.7])), scales(1, 1, 1.4, 2)],
  },
  {
    name: 'opset 10, linear',
    operator: 'Resize',
    opset: 10,
    attributes: { mode: 'linear' },
    inputs: [image, scales(1, 1, 2.5, 0.6)],
  },
  {
    name: 'opset 10, nearest, larger',
    operator: 'Resize',
    opset: 10,
    inputs: [image, scales(1, 1, 2.5, 1.7)],
  },
  {
    name: 'opset 10, nearest, smaller',
    operator: 'Resize',
    opset: 10,
    inputs: [wave([1, 1, 5, 7]), scales(1, 1, 0.7, 0.6)],
  },
  {
    name: 'Upsample of opset 9',
    operator: 'Upsample',
    opset: 9,
    attributes: { mode: 'linear' },
    inputs: [image, scales(1, 1, 2, 3)],
  },
  {
    name: 'Upsample of opset 7',
    operator: 'Upsample',
    opset: 7,
    attributes: { mode: 'nearest', scales: { floats: [1, 1, 2, 3] } },
    inputs: [image],
  },
  {
    name: 'a product of size and scale that is whole in single precision',
    operator: 'Resize',
    inputs: [wave([10, 1]), null, scales(2.3, 1)],
  },
  {
    ...byScales('neither scales nor sizes', image, []),
    inputs: [image],
    error: { name: 'ShapeError', message: 'Resize "tested": it needs scales or sizes' },
  },
  {
    ...byScales('scales of another rank', image, [2, 2]),
    error: { name: 'ShapeError', message: 'scales has 2 entries for 4 axes' },
  },
  {
    ...byScales('an axis twice', image, [2, 2], { axes: [1, -3] }),
    error: { name: 'ShapeError', message: 'the axes 1, -3 name one axis twice' },
  },
  {
    ...bySizes('a part of the image that is not named', image, [1, 2, 3, 3]),
    attributes: { coordinate_transformation_mode: 'tf_crop_and_resize' },
    error: { name: 'ShapeError', message: 'its coordinates want a roi' },
  },
  {
    ...byScales('a scale of nothing', image, [1, 1, 0, 2]),
    error: { name: 'ShapeError', message: 'scales must be positive, not 1, 1, 0, 2' },
  },
]
