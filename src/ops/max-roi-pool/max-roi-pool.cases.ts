import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

// the last opset at which onnxruntime has it
const opset = 21
const operator = 'MaxRoiPool'

export const cases: readonly OperatorCase[] = [
  {
    name: 'boxes of two images',
    operator,
    opset,
    attributes: { pooled_shape: [2, 2] },
    inputs: [wave([2, 2, 5, 6]), f32([3, 5], [0, 1, 0, 4, 3, 1, 0, 0, 5, 4, 1, 2, 2, 2, 2])],
  },
  {
    name: 'a smaller scale',
    operator,
    opset,
    attributes: { pooled_shape: [2, 3], spatial_scale: 0.5 },
    inputs: [wave([1, 1, 5, 6]), f32([2, 5], [0, 1, 1, 9, 7, 0, 3, 2, 11, 5])],
  },
  {
    name: 'boxes that reach outside',
    operator,
    opset,
    attributes: { pooled_shape: [3, 3] },
    inputs: [wave([1, 2, 4, 4]), f32([2, 5], [0, -3, -2, 2, 1, 0, 2, 3, 8, 9])],
  },
  {
    name: 'rois without image',
    operator,
    opset,
    attributes: { pooled_shape: [2, 2] },
    inputs: [wave([1, 1, 4, 4]), f32([1, 4], [0, 0, 1, 1])],
    error: { name: 'ShapeError', message: 'MaxRoiPool "tested": rois must be [boxes, 5]' },
  },
  {
    name: 'an image that is not there',
    operator,
    opset,
    attributes: { pooled_shape: [1, 1] },
    inputs: [wave([1, 1, 4, 4]), f32([1, 5], [1, 0, 0, 1, 1])],
    error: { name: 'ShapeError', message: 'box 0 lies in image 1 of 1' },
  },
]
