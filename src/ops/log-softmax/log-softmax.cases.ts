import { f32, f64, i32, wave, type OperatorCase } from '../../testing/operator-cases'

const big = f32([2, 3], [1000, 999, -1000, -3e38, -1e38, 0])

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'LogSoftmax', inputs: [wave([3, 7])] },
  { name: 'middle axis', operator: 'LogSoftmax', attributes: { axis: 1 }, inputs: [wave([2, 5, 3])] },
  {
    name: 'first axis, counted from the end',
    operator: 'LogSoftmax',
    attributes: { axis: -3 },
    inputs: [wave([4, 2, 3])],
  },
  { name: 'large numbers', operator: 'LogSoftmax', inputs: [big] },
  { name: 'minus infinity', operator: 'LogSoftmax', inputs: [f32([1, 3], [-Infinity, 1, 2])] },
  { name: 'opset 11 flattens', operator: 'LogSoftmax', opset: 11, attributes: { axis: 1 }, inputs: [wave([2, 3, 4])] },
  { name: 'opset 9, default axis', operator: 'LogSoftmax', opset: 9, inputs: [wave([3, 2, 2])] },
  { name: 'a zero-sized axis', operator: 'LogSoftmax', attributes: { axis: 0 }, inputs: [f32([0, 3], [])] },
  { name: 'float64', operator: 'LogSoftmax', inputs: [f64([3], [1, 2, -0.5])] },
  {
    name: 'an axis that is not there',
    operator: 'LogSoftmax',
    attributes: { axis: -3 },
    inputs: [wave([2, 3])],
    error: { name: 'ShapeError', message: /LogSoftmax "tested": axis -3 must lie in \[-2, 1\]/ },
  },
  {
    name: 'whole numbers',
    operator: 'LogSoftmax',
    inputs: [i32([2], [1, 2])],
    error: { name: 'UnsupportedError', message: 'the engine does not compute it with int32 inputs' },
  },
]
