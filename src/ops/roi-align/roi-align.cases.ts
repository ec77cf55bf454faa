import { f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const roi = (name: string, attributes: NonNullable<OperatorCase['attributes']>): OperatorCase => ({
  name,
  operator: 'RoiAlign',
  opset: 16,
  attributes,
  inputs: [wave([2, 2, 6, 5]), f32([2, 4], [0.5, 0.25, 3.5, 4, 1, 1, 4.5, 5.5]), i64([2], [1, 0])],
})

export const cases: readonly OperatorCase[] = [
  roi('averages', { output_height: 2, output_width: 3, sampling_ratio: 2 }),
  roi('as many samples as pixels', { output_height: 2, output_width: 2, spatial_scale: { float: 0.5 } }),
  roi('without half a pixel', {
    output_height: 2,
    output_width: 2,
    sampling_ratio: 1,
    coordinate_transformation_mode: 'output_half_pixel',
  }),
  roi('the largest', { output_height: 2, output_width: 2, sampling_ratio: 2, mode: 'max' }),
  {
    ...roi('an image that is not there', {}),
    inputs: [wave([1, 1, 3, 3]), f32([1, 4], [0, 0, 2, 2]), i64([1], [1])],
    opset: 25,
    error: { name: 'ShapeError', message: 'batch index 1 lies outside of 1 images' },
  },
]
