import { constant, f32, f64, i64, i8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'both limits', operator: 'Clip', inputs: [wave([3, 5]), f32([], [-0.5]), f32([], [1.25])] },
  { name: 'constant limits', operator: 'Clip', inputs: [wave([3, 5]), constant(f32([], [0])), constant(f32([], [6]))] },
  {
    name: 'infinities without an upper limit',
    operator: 'Clip',
    inputs: [f32([3], [Infinity, -Infinity, NaN]), f32([], [-1])],
  },
  {
    name: 'infinities without a lower limit',
    operator: 'Clip',
    inputs: [f32([2], [Infinity, -Infinity]), null, f32([], [1])],
  },
  { name: 'no limits', operator: 'Clip', inputs: [wave([4])] },
  { name: 'only the lower', operator: 'Clip', inputs: [wave([3, 5]), f32([], [0.25])] },
  { name: 'only the upper', operator: 'Clip', inputs: [wave([3, 5]), null, f32([], [0.25])] },
  { name: 'crossed limits', operator: 'Clip', inputs: [wave([5]), f32([], [2]), f32([], [-1])] },
  {
    name: 'infinities and NaN',
    operator: 'Clip',
    inputs: [f32([4], [Infinity, -Infinity, NaN, 0.5]), f32([], [-1]), f32([], [1])],
  },
  { name: 'int8', operator: 'Clip', inputs: [i8([4], [-128, -3, 5, 127]), i8([], [-3]), i8([], [100])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Clip',
    inputs: [
      i64([3], [9007199254740993n, -9007199254740993n, 5]),
      i64([], [-9007199254740992n]),
      i64([], [9007199254740992n]),
    ],
  },
  {
    name: 'int64 with an upper limit',
    operator: 'Clip',
    inputs: [i64([2], [9007199254740993n, 5]), null, i64([], [7])],
  },
  { name: 'float64', operator: 'Clip', inputs: [f64([3], [-5, 0.5, 5]), f64([], [-1]), f64([], [1])] },
  { name: 'a scalar', operator: 'Clip', inputs: [f32([], [5]), f32([], [-1]), f32([], [1])] },
  { name: 'a zero-sized dimension', operator: 'Clip', inputs: [f32([0, 2], []), f32([], [-1])] },
  {
    name: 'attributes of opset 7',
    operator: 'Clip',
    opset: 7,
    attributes: { min: -0.5, max: 1.5 },
    inputs: [wave([2, 5])],
  },
  { name: 'opset 11', operator: 'Clip', opset: 11, inputs: [wave([2, 5]), f32([], [-0.5])] },
  {
    name: 'limits of another type',
    operator: 'Clip',
    inputs: [wave([2]), f64([], [1])],
    error: { name: 'ShapeError', message: 'Clip "tested": the limits must have the type of x, float32, not float64' },
  },
  {
    name: 'limits that are no scalars',
    operator: 'Clip',
    inputs: [wave([2]), f32([2], [0, 1])],
    error: { name: 'ShapeError', message: 'Clip "tested": the limits must be scalars' },
  },
]
