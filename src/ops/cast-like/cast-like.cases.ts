import { bool, f32, f64, i32, i64, of, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'to int64', operator: 'CastLike', inputs: [f32([4], [-1.75, 2.5, 1e20, NaN]), i64([0], [])] },
  { name: 'to float32', operator: 'CastLike', inputs: [i64([2], [-7, 16777217]), wave([1])] },
  { name: 'to bool', operator: 'CastLike', inputs: [f32([3], [0, 0.25, NaN]), bool([], [1])] },
  { name: 'to float64', operator: 'CastLike', inputs: [wave([2, 2]), f64([3], [1, 2, 3])] },
  { name: 'a zero-sized dimension', operator: 'CastLike', inputs: [f32([0, 2], []), i32([1], [1])] },
  // onnxruntime-web cannot exchange this type with a page
  {
    name: 'to float8 without saturation',
    operator: 'CastLike',
    attributes: { saturate: 0 },
    inputs: [f32([2], [1e6, 1]), of('float8e5m2', [1], [1])],
    expected: [of('float8e5m2', [2], [Infinity, 1])],
  },
  {
    name: 'to float8',
    operator: 'CastLike',
    inputs: [f32([2], [1e6, 1]), of('float8e5m2', [1], [1])],
    expected: [of('float8e5m2', [2], [57344, 1])],
  },
]
