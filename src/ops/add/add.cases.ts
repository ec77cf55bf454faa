import { f32, i32, i64, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  { name: 'one shape', operator: 'Add', inputs: [wave([3, 5]), wave([3, 5], 2)] },
  { name: 'broadcast both ways', operator: 'Add', inputs: [wave([4, 1, 3]), wave([5, 1], 1)] },
  { name: 'a scalar', operator: 'Add', inputs: [wave([2, 3]), f32([], [0.5])] },
  { name: 'a zero-sized dimension', operator: 'Add', inputs: [f32([2, 0, 3], []), wave([1, 3])] },
  { name: 'opset 7', operator: 'Add', opset: 7, inputs: [wave([2, 3]), wave([3], 4)] },
  { name: 'int64 beyond 2^53', operator: 'Add', inputs: [i64([2], [9007199254740993n, -5]), i64([1], [2])] },
  { name: 'int32 wraps', operator: 'Add', inputs: [i32([2], [2147483647, -7]), i32([2], [1, 9])] },
  {
    name: 'shapes that do not fit',
    operator: 'Add',
    inputs: [wave([2, 3]), wave([4])],
    error: { name: 'ShapeError', message: /Add "tested": the sizes 3 and 4 of axis -1 differ.*\[2, 3\], \[4\]/ },
  },
]
