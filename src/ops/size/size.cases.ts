import { f32, i32, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'three axes', operator: 'Size', inputs: [wave([2, 3, 5])] },
  { name: 'a scalar', operator: 'Size', inputs: [i32([], [7])] },
  { name: 'a size of 0', operator: 'Size', inputs: [f32([3, 0], [])] },
  { name: 'opset 7', operator: 'Size', opset: 7, inputs: [u8([4], [1, 2, 3, 4])] },
]
