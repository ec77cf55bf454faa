import { bool, f32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'all axes', operator: 'Shape', inputs: [wave([2, 3, 5])] },
  { name: 'from an axis', operator: 'Shape', attributes: { start: 1 }, inputs: [wave([2, 3, 5])] },
  { name: 'counted from the end', operator: 'Shape', attributes: { start: -3, end: -1 }, inputs: [wave([2, 3, 1, 4])] },
  { name: 'clamped', operator: 'Shape', attributes: { start: -9, end: 9 }, inputs: [i64([2, 1], [4, 5])] },
  { name: 'none left', operator: 'Shape', attributes: { start: 2, end: 1 }, inputs: [wave([2, 3, 5])] },
  { name: 'a scalar', operator: 'Shape', inputs: [bool([], [1])] },
  { name: 'opset 7, a size of 0', operator: 'Shape', opset: 7, inputs: [f32([3, 0], [])] },
]
