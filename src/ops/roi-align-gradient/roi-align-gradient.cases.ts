import { f32, i64, type OperatorCase } from '../../testing/operator-cases'

const operator = 'ai.plume:RoiAlignGradient'
const attributes = { coordinate_transformation_mode: 'output_half_pixel', sampling_ratio: 1 }

export const cases: readonly OperatorCase[] = [
  {
    // the middle of the box lies between four elements
    ...{ name: 'average', operator, attributes },
    inputs: [f32([1, 1, 2, 2], [1, 2, 3, 4]), f32([1, 4], [0, 0, 1, 1]), i64([1], [0]), f32([1, 1, 1, 1], [8])],
    expected: [f32([1, 1, 2, 2], [2, 2, 2, 2])],
  },
  {
    ...{ name: 'maximum', operator, attributes: { ...attributes, mode: 'max' } },
    inputs: [f32([1, 1, 2, 2], [1, 7, 3, 4]), f32([1, 4], [0, 0, 1, 1]), i64([1], [0]), f32([1, 1, 1, 1], [8])],
    expected: [f32([1, 1, 2, 2], [0, 2, 0, 0])],
  },
]
