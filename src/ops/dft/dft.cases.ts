import { constant, f64, i64, wave, type OperatorCase } from '../../testing/operator-cases'

const axis = (value: number) => constant(i64([], [value]))

export const cases: readonly OperatorCase[] = [
  { name: 'real', operator: 'DFT', inputs: [wave([2, 6, 1])] },
  { name: 'complex, an odd length', operator: 'DFT', inputs: [wave([2, 5, 2])] },
  { name: 'a power of two', operator: 'DFT', inputs: [wave([1, 16, 1])] },
  { name: 'the first axis', operator: 'DFT', inputs: [wave([4, 3, 2]), null, axis(0)] },
  { name: 'an axis between others', operator: 'DFT', inputs: [wave([3, 7, 5, 1]), null, axis(1)] },
  { name: 'one-sided', operator: 'DFT', attributes: { onesided: 1 }, inputs: [wave([2, 7, 1])] },
  { name: 'longer than the signal', operator: 'DFT', inputs: [wave([2, 5, 1]), constant(i64([], [8])), axis(1)] },
  { name: 'shorter than the signal', operator: 'DFT', inputs: [wave([2, 6, 2]), constant(i64([], [4])), axis(-2)] },
  { name: 'inverse', operator: 'DFT', attributes: { inverse: 1 }, inputs: [wave([2, 6, 2])] },
  {
    name: 'opset 17, axis as an attribute',
    operator: 'DFT',
    opset: 17,
    attributes: { axis: 2, inverse: 1 },
    inputs: [wave([1, 2, 4, 2])],
  },
  { name: 'float64', operator: 'DFT', inputs: [f64([1, 4, 1], [1, 2, -0.5, 7])] },
  {
    // onnxruntime does not know it yet; by hand: 1 + 2·cos(2π·t/4)·½·2 and so on, over 4 places
    name: 'one-sided, inverse',
    operator: 'DFT',
    attributes: { inverse: 1, onesided: 1 },
    inputs: [f64([1, 3, 2], [4, 0, 2, -1, -8, 0])],
    expected: [f64([1, 4, 1], [0, 3.5, -2, 2.5])],
  },
  {
    name: 'one-sided of complex numbers',
    operator: 'DFT',
    attributes: { onesided: 1 },
    inputs: [wave([2, 5, 2])],
    error: { name: 'ShapeError', message: 'onesided needs real numbers' },
  },
  {
    name: 'the axis of the parts',
    operator: 'DFT',
    inputs: [wave([2, 5, 2]), null, axis(-1)],
    error: { name: 'ShapeError', message: 'the last axis holds the real and imaginary part' },
  },
  {
    name: 'three parts',
    operator: 'DFT',
    inputs: [wave([2, 5, 3])],
    error: { name: 'ShapeError', message: 'the last axis must be 1 or 2, not 3' },
  },
  {
    name: 'no length',
    operator: 'DFT',
    inputs: [wave([2, 5, 1]), i64([], [0])],
    error: { name: 'ShapeError', message: 'the length 0 of the transform must be at least 1' },
  },
]
