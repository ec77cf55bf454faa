import { constant, f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'last axis', operator: 'CumSum', inputs: [wave([2, 5]), i64([], [-1])] },
  {
    name: 'exclusive',
    operator: 'CumSum',
    attributes: { exclusive: 1 },
    inputs: [wave([3, 2]), constant(i64([], [0]))],
  },
  { name: 'from the end', operator: 'CumSum', attributes: { reverse: 1 }, inputs: [wave([2, 3, 2]), i32([], [1])] },
  {
    name: 'exclusive from the end, int64',
    operator: 'CumSum',
    attributes: { reverse: 1, exclusive: 1 },
    inputs: [i64([4], [1, 2, 3, 9007199254740993n]), i64([], [0])],
  },
  { name: 'opset 11, int32', operator: 'CumSum', opset: 11, inputs: [i32([3], [5, -7, 1]), i32([], [0])] },
  { name: 'nothing', operator: 'CumSum', inputs: [f32([0, 2], []), i64([], [0])] },
  {
    name: 'an axis that is not there',
    operator: 'CumSum',
    inputs: [wave([2]), i64([], [1])],
    error: { name: 'ShapeError', message: 'CumSum "tested": axis 1 must lie in [-1, 0]' },
  },
]
