import { f32, i32, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'first axis', operator: 'ArgMin', inputs: [wave([4, 3])] },
  {
    name: 'last axis, dropped',
    operator: 'ArgMin',
    attributes: { axis: -1, keepdims: 0 },
    inputs: [wave([2, 3, 5], 2)],
  },
  {
    name: 'the first of equals',
    operator: 'ArgMin',
    attributes: { axis: 1 },
    inputs: [f32([2, 4], [1, 3, 3, 1, 2, 2, 2, 2])],
  },
  {
    name: 'the last of equals',
    operator: 'ArgMin',
    attributes: { axis: 1, select_last_index: 1 },
    inputs: [f32([2, 4], [1, 3, 3, 1, 2, 2, 2, 2])],
  },
  { name: 'int32', operator: 'ArgMin', inputs: [i32([4], [3, -7, 9, 0])] },
  { name: 'opset 7', operator: 'ArgMin', opset: 7, attributes: { axis: 1 }, inputs: [wave([3, 2, 2], 1)] },
  {
    name: 'no elements',
    operator: 'ArgMin',
    inputs: [f32([0, 2], [])],
    error: { name: 'ShapeError', message: 'ArgMin "tested": axis 0 has no elements' },
  },
]
