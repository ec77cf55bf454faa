import { f32, f64, i32, i64, of, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'broadcast both ways', operator: 'Sub', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'a scalar', operator: 'Sub', inputs: [f32([], [0.5]), wave([2, 3])] },
  { name: 'a zero-sized dimension', operator: 'Sub', inputs: [f32([2, 0, 3], []), wave([1, 3])] },
  { name: 'float64', operator: 'Sub', inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])] },
  { name: 'opset 7', operator: 'Sub', opset: 7, inputs: [wave([2, 3]), wave([3], 4)] },
  {
    name: 'shapes that do not fit',
    operator: 'Sub',
    inputs: [wave([2, 3]), wave([4])],
    error: {
      name: 'ShapeError',
      message:
        'Sub "tested": the sizes 3 and 4 of axis -1 differ and neither is 1. Its inputs have the shapes [2, 3], [4].',
    },
  },
  {
    name: 'two types',
    operator: 'Sub',
    inputs: [wave([2]), i32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Sub "tested": both inputs must have one type, not float32 and int32' },
  },
  { name: 'int64 beyond 2^53', operator: 'Sub', inputs: [i64([2], [-9007199254740993n, -5]), i64([1], [2])] },
  { name: 'int32 wraps', operator: 'Sub', inputs: [i32([2], [-2147483648, -7]), i32([2], [1, 9])] },
  { name: 'uint8 wraps', operator: 'Sub', inputs: [u8([2], [3, 200]), u8([2], [5, 9])] },
  {
    name: 'uint64 wraps',
    operator: 'Sub',
    inputs: [of('uint64', [2], [3n, 18446744073709551615n]), of('uint64', [2], [5n, 1n])],
  },
]
