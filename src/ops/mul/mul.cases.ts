import { f32, f64, i32, i64, i8, of, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'broadcast both ways', operator: 'Mul', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'a scalar', operator: 'Mul', inputs: [f32([], [0.5]), wave([2, 3])] },
  { name: 'a zero-sized dimension', operator: 'Mul', inputs: [f32([2, 0, 3], []), wave([1, 3])] },
  { name: 'float64', operator: 'Mul', inputs: [f64([3], [1.5, -2, 7]), f64([3], [0.25, 4, -3])] },
  { name: 'opset 7', operator: 'Mul', opset: 7, inputs: [wave([2, 3]), wave([3], 4)] },
  {
    name: 'shapes that do not fit',
    operator: 'Mul',
    inputs: [wave([2, 3]), wave([4])],
    error: {
      name: 'ShapeError',
      message:
        'Mul "tested": the sizes 3 and 4 of axis -1 differ and neither is 1. Its inputs have the shapes [2, 3], [4].',
    },
  },
  {
    name: 'two types',
    operator: 'Mul',
    inputs: [wave([2]), i32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'Mul "tested": both inputs must have one type, not float32 and int32' },
  },
  {
    name: 'int64 wraps',
    operator: 'Mul',
    inputs: [i64([2], [9007199254740993n, 4611686018427387905n]), i64([2], [-3, 6])],
  },
  { name: 'int32 wraps', operator: 'Mul', inputs: [i32([2], [2147483647, -7]), i32([2], [2147483647, 9])] },
  {
    name: 'uint32 wraps',
    operator: 'Mul',
    inputs: [of('uint32', [2], [4294967295, 7]), of('uint32', [2], [4294967295, 9])],
  },
  { name: 'int8 wraps', operator: 'Mul', inputs: [i8([2], [100, -7]), i8([2], [3, 9])] },
]
