import { f32, f64, i64, i8, of, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'two, broadcast', operator: 'Max', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'one', operator: 'Max', inputs: [wave([2, 3])] },
  {
    name: 'four, of different ranks',
    operator: 'Max',
    inputs: [wave([2, 3]), wave([3], 1), f32([], [0.25]), wave([2, 1], 3)],
  },
  { name: 'float64', operator: 'Max', inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])] },
  { name: 'a zero-sized dimension', operator: 'Max', inputs: [f32([0, 3], []), wave([3])] },
  { name: 'opset 8', operator: 'Max', opset: 8, inputs: [wave([2, 3]), wave([3])] },
  { name: 'NaN', operator: 'Max', inputs: [f32([4], [NaN, 1, NaN, -3]), f32([4], [1, NaN, NaN, 2])] },
  {
    name: 'int64 beyond 2^53',
    operator: 'Max',
    inputs: [i64([2], [9007199254740993n, -5]), i64([2], [9007199254740992n, 5])],
  },
  { name: 'int8', operator: 'Max', inputs: [i8([3], [-128, 5, 3]), i8([1], [4])] },
  {
    name: 'uint64',
    operator: 'Max',
    inputs: [of('uint64', [2], [18446744073709551615n, 1n]), of('uint64', [2], [1n, 2n])],
  },
  {
    name: 'shapes that do not fit',
    operator: 'Max',
    inputs: [wave([2, 3]), wave([2, 1]), wave([4])],
    error: { name: 'ShapeError', message: 'Max "tested": the sizes 3 and 4 of axis -1 differ' },
  },
  {
    name: 'two types',
    operator: 'Max',
    inputs: [wave([2]), f64([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Max "tested": all inputs must have one type, not float32 and float64' },
  },
]
