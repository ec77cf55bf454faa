import { f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

// the last opset at which onnxruntime has it
const opset = 21
const operator = 'RoiAlign'
const boxes = f32([3, 4], [0.5, 1, 4.2, 3.7, 0, 0, 6, 5, 2.1, -1.5, 7.5, 2.4])
const images = i64([3], [0, 1, 1])
const x = wave([2, 2, 5, 6])

export const cases: readonly OperatorCase[] = [
  {
    name: 'as many points as the box is large',
    operator,
    opset,
    attributes: { output_height: 2, output_width: 3 },
    inputs: [x, boxes, images],
  },
  {
    name: 'two points per cell and axis, a smaller scale',
    operator,
    opset,
    attributes: { output_height: 2, output_width: 2, sampling_ratio: 2, spatial_scale: 0.6 },
    inputs: [x, boxes, images],
  },
  {
    name: 'maximum',
    operator,
    opset,
    attributes: { output_height: 2, output_width: 2, sampling_ratio: 2, mode: 'max' },
    inputs: [x, boxes, images],
  },
  {
    name: 'without the shift of half a pixel',
    operator,
    opset,
    attributes: { output_height: 3, output_width: 2, coordinate_transformation_mode: 'output_half_pixel' },
    inputs: [x, boxes, images],
  },
  {
    name: 'opset 10',
    operator,
    opset: 10,
    attributes: { output_height: 2, output_width: 2 },
    inputs: [x, boxes, images],
  },
  { name: 'no boxes', operator, opset, inputs: [x, f32([0, 4], []), i64([0], [])] },
  {
    name: 'an image that is not there',
    operator,
    inputs: [x, boxes, i64([3], [0, 1, 2])],
    error: { name: 'ShapeError', message: 'RoiAlign "tested": box 2 lies in image 2 of 2' },
  },
  {
    name: 'more boxes than images',
    operator,
    inputs: [x, boxes, i64([2], [0, 1])],
    error: { name: 'ShapeError', message: 'each box must have one image' },
  },
]
