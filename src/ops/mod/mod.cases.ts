import { f32, i32, i64, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'int32, the sign of the divisor',
    operator: 'Mod',
    inputs: [i32([6], [-4, 7, 5, 4, -7, 8]), i32([6], [2, -3, 8, -2, 3, 5])],
  },
  {
    name: 'int32 with fmod, the sign of the dividend',
    operator: 'Mod',
    attributes: { fmod: 1 },
    inputs: [i32([6], [-4, 7, 5, 4, -7, 8]), i32([6], [2, -3, 8, -2, 3, 5])],
  },
  {
    name: 'float32',
    operator: 'Mod',
    attributes: { fmod: 1 },
    inputs: [f32([2, 3], [-4.3, 7.2, 5, 4.3, -7.2, 8]), f32([3], [2.1, -3.4, 8])],
  },
  { name: 'int64', operator: 'Mod', inputs: [i64([3], [9007199254740993n, -9007199254740993n, 5]), i64([1], [4])] },
  // onnxruntime goes through doubles and says 0
  {
    name: 'int64 with fmod',
    operator: 'Mod',
    attributes: { fmod: 1 },
    inputs: [i64([3], [9007199254740993n, -9007199254740993n, 5]), i64([1], [4])],
    expected: [i64([3], [1, -1, 1])],
  },
  { name: 'uint8, broadcast', operator: 'Mod', inputs: [u8([3, 1], [255, 7, 9]), u8([2], [2, 4])] },
  { name: 'a zero-sized dimension', operator: 'Mod', inputs: [i32([0], []), i32([1], [3])] },
  {
    name: 'floats without fmod',
    operator: 'Mod',
    inputs: [wave([2]), wave([2])],
    error: { name: 'ShapeError', message: 'Mod "tested": floats need fmod = 1' },
  },
  {
    name: 'by zero',
    operator: 'Mod',
    inputs: [i32([1], [3]), i32([1], [0])],
    error: { name: 'ShapeError', message: 'Mod "tested": an integer is divided by zero' },
  },
  {
    name: 'an int64 by zero',
    operator: 'Mod',
    inputs: [i64([1], [3]), i64([1], [0])],
    error: { name: 'ShapeError', message: 'Mod "tested": an integer is divided by zero' },
  },
]
