import { f16, f32, i32, i8, of, u8, type OperatorCase } from '../../testing/operator-cases'

export const cases: readonly OperatorCase[] = [
  {
    name: 'uint8, one scale',
    operator: 'DequantizeLinear',
    inputs: [u8([2, 3, 2], [0, 255, 128, 7, 9, 200, 1, 2, 3, 100, 101, 102]), f32([], [0.5]), u8([], [10])],
  },
  {
    name: 'int8, no zero point',
    operator: 'DequantizeLinear',
    inputs: [i8([2, 3, 2], [0, 127, -128, 7, 9, -100, 1, 2, 3, 100, 101, -102]), f32([1], [0.3])],
  },
  {
    name: 'int8 per axis',
    operator: 'DequantizeLinear',
    inputs: [
      i8([2, 3, 2], [0, 127, -128, 7, 9, -100, 1, 2, 3, 100, 101, -102]),
      f32([3], [0.5, 1.5, 0.03]),
      i8([3], [-1, 0, 9]),
    ],
  },
  {
    name: 'uint8 per last axis',
    operator: 'DequantizeLinear',
    attributes: { axis: -1 },
    inputs: [
      u8([2, 3, 2], [0, 255, 128, 7, 9, 200, 1, 2, 3, 100, 101, 102]),
      f32([2], [0.5, 0.03]),
      u8([2], [128, 255]),
    ],
  },
  {
    name: 'blocks along the last axis',
    operator: 'DequantizeLinear',
    attributes: { axis: 2, block_size: 2 },
    inputs: [
      i8([2, 3, 2], [0, 127, -128, 7, 9, -100, 1, 2, 3, 100, 101, -102]),
      f32([2, 3, 1], [0.5, 1, 2, 4, 8, 0.1]),
      i8([2, 3, 1], [0, 1, 2, 3, -4, -5]),
    ],
  },
  {
    name: 'blocks along a middle axis, the last one short',
    operator: 'DequantizeLinear',
    attributes: { axis: 1, block_size: 2 },
    inputs: [
      i8([2, 3, 2], [0, 127, -128, 7, 9, -100, 1, 2, 3, 100, 101, -102]),
      f32([2, 2, 2], [0.5, 1, 2, 4, 8, 0.1, 0.2, 0.3]),
    ],
  },
  { name: 'int32', operator: 'DequantizeLinear', inputs: [i32([4], [-7, 16777217, 2147483647, 0]), f32([], [0.3])] },
  {
    name: 'uint16',
    operator: 'DequantizeLinear',
    inputs: [of('uint16', [3], [0, 65535, 300]), f32([], [0.3]), of('uint16', [], [1000])],
  },
  {
    name: 'int16',
    operator: 'DequantizeLinear',
    inputs: [of('int16', [3], [0, -32768, 300]), f32([], [0.3]), of('int16', [], [1000])],
  },
  { name: 'a scalar', operator: 'DequantizeLinear', inputs: [u8([], [7]), f32([], [0.5]), u8([], [1])] },
  { name: 'a zero-sized dimension', operator: 'DequantizeLinear', inputs: [i8([0, 3], []), f32([3], [0.5, 1, 2])] },
  {
    name: 'opset 10',
    operator: 'DequantizeLinear',
    opset: 10,
    inputs: [u8([3], [1, 2, 255]), f32([], [0.05]), u8([], [30])],
  },
  // 0.1 is 0.0999755859375 in float16; 127 times that rounds to 12.6953125
  {
    name: 'float16 scale',
    operator: 'DequantizeLinear',
    inputs: [i8([3], [1, -2, 127]), f16([], [0.1])],
    expected: [f16([3], [0.0999755859375, -0.199951171875, 12.6953125])],
  },
  // the scale is 0.1 here
  {
    name: 'output_dtype',
    operator: 'DequantizeLinear',
    attributes: { output_dtype: 10 },
    inputs: [i8([3], [1, -2, 127]), f32([], [0.1])],
    expected: [f16([3], [0.0999755859375, -0.199951171875, 12.703125])],
  },
  // onnxruntime-web cannot exchange this type with a page
  {
    name: 'int4',
    operator: 'DequantizeLinear',
    inputs: [of('int4', [3], [-8, 0, 7]), f32([], [0.5]), of('int4', [], [1])],
    expected: [f32([3], [-4.5, -0.5, 3])],
  },
  {
    name: 'uint4 in blocks',
    operator: 'DequantizeLinear',
    attributes: { axis: 0, block_size: 2 },
    inputs: [of('uint4', [4], [15, 0, 7, 9]), f32([2], [0.5, 2]), of('uint4', [2], [8, 3])],
    expected: [f32([4], [3.5, -4, 8, 12])],
  },
  {
    name: 'uint2',
    operator: 'DequantizeLinear',
    inputs: [of('uint2', [4], [0, 1, 2, 3]), f32([], [0.5]), of('uint2', [], [1])],
    expected: [f32([4], [-0.5, 0, 0.5, 1])],
  },
  {
    name: 'float8e4m3fn',
    operator: 'DequantizeLinear',
    inputs: [of('float8e4m3fn', [3], [0.5, -448, 1.5]), f32([], [2])],
    expected: [f32([3], [1, -896, 3])],
  },
  {
    name: 'float4e2m1, per axis',
    operator: 'DequantizeLinear',
    inputs: [of('float4e2m1', [2, 2], [0.5, -6, 1.5, 4]), f32([2], [2, 10])],
    expected: [f32([2, 2], [1, -60, 3, 40])],
  },
  {
    name: 'scales that are powers of two',
    operator: 'DequantizeLinear',
    attributes: { output_dtype: 1 },
    inputs: [i8([2], [3, -5]), of('float8e8m0', [], [0.25])],
    expected: [f32([2], [0.75, -1.25])],
  },
  {
    name: 'a zero point of another type',
    operator: 'DequantizeLinear',
    inputs: [i8([2], [1, 2]), f32([], [1]), u8([], [1])],
    error: {
      name: 'ShapeError',
      message: 'DequantizeLinear "tested": the zero point must have the type of x, int8, not uint8',
    },
  },
  {
    name: 'a scale of another length',
    operator: 'DequantizeLinear',
    inputs: [i8([2, 3], [1, 2, 3, 4, 5, 6]), f32([2], [1, 2])],
    error: {
      name: 'ShapeError',
      message: 'DequantizeLinear "tested": the scale has 2 elements, and axis 1 of x has 3',
    },
  },
  {
    name: 'an axis out of range',
    operator: 'DequantizeLinear',
    inputs: [i8([3], [1, 2, 3]), f32([3], [1, 2, 4])],
    error: { name: 'ShapeError', message: 'DequantizeLinear "tested": axis 1 must lie in [-1, 0]' },
  },
]
