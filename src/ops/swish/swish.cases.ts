import { f32, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  // onnxruntime-web has no kernel for it; the sigmoid of ln 3 is 3/4
  {
    name: 'alpha 1',
    operator: 'Swish',
    inputs: [f32([5], [-Math.log(3), 0, Math.log(3), 100, -100])],
    expected: [f32([5], [-0.25 * Math.log(3), 0, 0.75 * Math.log(3), 100, 0])],
  },
  {
    name: 'alpha',
    operator: 'Swish',
    attributes: { alpha: 0.5 },
    inputs: [f32([2, 1], [-2 * Math.log(3), 2 * Math.log(3)])],
    expected: [f32([2, 1], [-0.5 * Math.log(3), 1.5 * Math.log(3)])],
  },
  { name: 'a scalar', operator: 'Swish', inputs: [f32([], [0])], expected: [f32([], [0])] },
  { name: 'a zero-sized dimension', operator: 'Swish', inputs: [f32([0, 3], [])], expected: [f32([0, 3], [])] },
  { name: 'NaN', operator: 'Swish', inputs: [f32([2], [NaN, Infinity])], expected: [f32([2], [NaN, Infinity])] },
]
