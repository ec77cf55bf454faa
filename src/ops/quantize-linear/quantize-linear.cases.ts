import { f32, i32, i8, of, u8, wave, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'int16 beyond both ends, the zero point at one',
    operator: 'QuantizeLinear',
    inputs: [f32([7], [-3e9, 3e9, 65535, 65536.5, 0, 1.5, -1]), f32([], [1]), of('int16', [], [-32768])],
  },
  {
    name: 'uint16 beyond both ends, the zero point at one',
    operator: 'QuantizeLinear',
    inputs: [f32([7], [-3e9, 3e9, -65535, -65536.5, 0, 1.5, -1]), f32([], [1]), of('uint16', [], [65535])],
  },
  {
    name: 'uint8, one scale',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([], [0.5]),
      u8([], [10]),
    ],
  },
  {
    name: 'int8, one scale in a list of one',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([1], [0.25]),
      i8([1], [-7]),
    ],
  },
  {
    name: 'no zero point',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([], [2]),
    ],
  },
  {
    name: 'int8 per axis',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([3], [0.5, 1.5, 0.03]),
      i8([3], [-1, 0, 9]),
    ],
  },
  {
    name: 'uint8 per last axis',
    operator: 'QuantizeLinear',
    attributes: { axis: -1 },
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([4], [0.5, 1.5, 0.03, 20]),
      u8([4], [128, 0, 9, 255]),
    ],
  },
  {
    name: 'per first axis',
    operator: 'QuantizeLinear',
    attributes: { axis: 0 },
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([2], [0.5, 1.5]),
    ],
  },
  {
    name: 'blocks along the last axis',
    operator: 'QuantizeLinear',
    attributes: { axis: 2, block_size: 2 },
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([2, 3, 2], [0.5, 1, 2, 4, 8, 0.1, 0.2, 0.3, 0.7, 0.9, 1.1, 3]),
      i8([2, 3, 2], [0, 1, 2, 3, 4, 5, -6, -7, -8, -9, -10, 11]),
    ],
  },
  {
    name: 'blocks along a middle axis, the last one short',
    operator: 'QuantizeLinear',
    attributes: { axis: 1, block_size: 2 },
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([2, 2, 4], [0.5, 1, 2, 4, 8, 0.1, 0.2, 0.3, 0.7, 0.9, 1.1, 3, 5, 6, 7, 8]),
    ],
  },
  {
    name: 'ties to even',
    operator: 'QuantizeLinear',
    inputs: [f32([8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 3.5, 126.5]), f32([], [1]), i8([], [0])],
  },
  {
    name: 'a quotient that only float32 rounds to a tie',
    operator: 'QuantizeLinear',
    inputs: [f32([4], [0.35, 1.05, 0.15, 2.45]), f32([], [0.1]), u8([], [3])],
  },
  {
    name: 'infinities',
    operator: 'QuantizeLinear',
    inputs: [f32([2], [Infinity, -Infinity]), f32([], [0.5]), u8([], [3])],
  },
  {
    name: 'uint16',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([], [0.01]),
      of('uint16', [], [300]),
    ],
  },
  {
    name: 'int16',
    operator: 'QuantizeLinear',
    inputs: [
      f32(
        [2, 3, 4],
        [
          -3.1, 0, 0.5, 1.5, 2.5, -0.5, 100, 1000, -1000, 7.25, -7.75, 0.024, 3, 4, 5, -6, -6.5, 12, 0.3, 0.7, -0.3,
          1e9, -1e9, 255,
        ],
      ),
      f32([], [0.01]),
      of('int16', [], [-300]),
    ],
  },
  { name: 'a scalar', operator: 'QuantizeLinear', inputs: [f32([], [3.3]), f32([], [0.5]), u8([], [1])] },
  {
    name: 'a zero-sized dimension',
    operator: 'QuantizeLinear',
    inputs: [f32([0, 3], []), f32([], [0.5]), u8([], [1])],
  },
  { name: 'opset 10', operator: 'QuantizeLinear', opset: 10, inputs: [wave([2, 3]), f32([], [0.05]), u8([], [30])] },
  {
    name: 'opset 13 per axis',
    operator: 'QuantizeLinear',
    opset: 13,
    inputs: [wave([2, 3]), f32([3], [0.05, 0.1, 0.2]), u8([3], [30, 40, 50])],
  },
  // onnxruntime-web cannot exchange this type with a page
  {
    name: 'output_dtype int4',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 22 },
    inputs: [f32([5], [-9, -4.4, 0.6, 7.4, 100]), f32([], [1])],
    expected: [of('int4', [5], [-8, -4, 1, 7, 7])],
  },
  {
    name: 'uint4 zero point',
    operator: 'QuantizeLinear',
    inputs: [f32([5], [-9, -4.4, 0.6, 7.4, 100]), f32([], [1]), of('uint4', [], [5])],
    expected: [of('uint4', [5], [0, 1, 6, 12, 15])],
  },
  {
    name: 'int2',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 26 },
    inputs: [f32([4], [-9, -1.4, 0.6, 7.4]), f32([], [1])],
    expected: [of('int2', [4], [-2, -1, 1, 1])],
  },
  {
    name: 'uint2',
    operator: 'QuantizeLinear',
    inputs: [f32([4], [-9, -1.4, 0.6, 7.4]), f32([], [1]), of('uint2', [], [2])],
    expected: [of('uint2', [4], [0, 1, 3, 3])],
  },
  {
    name: 'float8e4m3fn',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 17 },
    inputs: [f32([5], [0.96, 1000, -2000, 3, NaN]), f32([], [2])],
    expected: [of('float8e4m3fn', [5], [0.46875, 448, -448, 1.5, NaN])],
  },
  {
    name: 'float8e4m3fn without saturation',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 17, saturate: 0 },
    inputs: [f32([3], [0.96, 1000, -2000]), f32([], [2])],
    expected: [of('float8e4m3fn', [3], [0.46875, NaN, NaN])],
  },
  // 2.5 lies between 2 and 3 and goes to the even code, 2
  {
    name: 'float4e2m1',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 23 },
    inputs: [f32([4], [0.96, 1000, -5, 3]), f32([], [2])],
    expected: [of('float4e2m1', [4], [0.5, 6, -2, 1.5])],
  },
  // 1001.5 is a float16; the tie goes to the even number
  {
    name: 'division in float16',
    operator: 'QuantizeLinear',
    attributes: { precision: 10 },
    inputs: [f32([1], [1001.5]), f32([], [1]), of('int16', [], [0])],
    expected: [of('int16', [1], [1002])],
  },
  // from 2048 on float16 holds even numbers only
  {
    name: 'division in float16, beyond its whole numbers',
    operator: 'QuantizeLinear',
    attributes: { precision: 10 },
    inputs: [f32([1], [2049]), f32([], [1]), of('int16', [], [0])],
    expected: [of('int16', [1], [2048])],
  },
  // onnxruntime-web has no such kernel; 1.5 goes to the even number
  {
    name: 'int32 input',
    operator: 'QuantizeLinear',
    inputs: [i32([3], [-7, 100, 3]), f32([], [2])],
    expected: [u8([3], [0, 50, 2])],
  },
  { name: 'NaN', operator: 'QuantizeLinear', inputs: [f32([3], [NaN, 1, 2]), f32([], [1]), i8([], [3])] },
  {
    name: 'NaN to uint16',
    operator: 'QuantizeLinear',
    inputs: [f32([3], [NaN, 1, 2]), f32([], [1]), of('uint16', [], [3])],
  },
  {
    name: 'a scale of another length',
    operator: 'QuantizeLinear',
    inputs: [wave([2, 3]), f32([2], [1, 2])],
    error: { name: 'ShapeError', message: 'QuantizeLinear "tested": the scale has 2 elements, and axis 1 of x has 3' },
  },
  {
    name: 'a zero point of another shape',
    operator: 'QuantizeLinear',
    inputs: [wave([2, 3]), f32([3], [1, 2, 3]), u8([2], [1, 2])],
    error: { name: 'ShapeError', message: 'QuantizeLinear "tested": scale and zero point must have one shape' },
  },
  {
    name: 'blocks that do not fit',
    operator: 'QuantizeLinear',
    attributes: { block_size: 2 },
    inputs: [wave([2, 5]), f32([2, 2], [1, 2, 3, 4])],
    error: {
      name: 'ShapeError',
      message: 'QuantizeLinear "tested": with blocks of 2 along axis 1 the scale must be [2, 3]',
    },
  },
  {
    name: 'a table of scales without blocks',
    operator: 'QuantizeLinear',
    inputs: [wave([2, 2]), f32([2, 2], [1, 2, 3, 4])],
    error: {
      name: 'ShapeError',
      message: 'QuantizeLinear "tested": without block_size the scale must be a scalar or a list',
    },
  },
  {
    name: 'two output types',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 3 },
    inputs: [wave([2]), f32([], [1]), u8([], [1])],
    error: {
      name: 'ShapeError',
      message: 'QuantizeLinear "tested": output_dtype is int8, and the zero point is uint8',
    },
  },
  {
    name: 'a negative block',
    operator: 'QuantizeLinear',
    attributes: { block_size: -1 },
    inputs: [wave([2]), f32([], [1])],
    error: { name: 'ShapeError', message: 'QuantizeLinear "tested": block_size -1 must not be negative' },
  },
  {
    name: 'float32 results',
    operator: 'QuantizeLinear',
    attributes: { output_dtype: 1 },
    inputs: [wave([2]), f32([], [1])],
    error: {
      name: 'UnsupportedError',
      message: 'QuantizeLinear "tested": the engine does not compute it with results of type float32',
    },
  },
]
