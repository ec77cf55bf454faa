import { f32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'three channels',
    operator: 'LRN',
    attributes: { size: 3, alpha: { float: 0.5 }, beta: { float: 0.75 }, bias: { float: 2 } },
    inputs: [wave([1, 5, 2, 3])],
  },
  { name: 'defaults', operator: 'LRN', attributes: { size: 5 }, inputs: [wave([2, 4, 2, 2])] },
  // onnxruntime takes odd sizes only: x / (1 + ½ · (x₀² + x₁²))
  {
    name: 'an even size looks ahead',
    operator: 'LRN',
    attributes: { size: 2, alpha: { float: 1 }, beta: { float: 1 } },
    inputs: [f32([1, 3, 1, 2], [1, 2, 3, 4, 5, 6])],
    expected: [f32([1, 3, 1, 2], [1 / 6, 2 / 11, 3 / 18, 4 / 27, 5 / 13.5, 6 / 19])],
  },
  {
    name: 'no neighbours',
    operator: 'LRN',
    attributes: { size: 0 },
    inputs: [wave([1, 2, 2])],
    error: { name: 'ShapeError', message: 'LRN "tested": size must be positive, not 0' },
  },
]
