import { describe, expect, it } from 'vitest'
import type { DType, KnownDType } from './dtypes'
import {
  arrayOver,
  emptyArray,
  fromTensor,
  hostArray,
  integersOf,
  isBig,
  isFloat,
  numbersOf,
  roundAll,
  roundTo,
  setValue,
  slotBytes,
  toTensor,
} from './host-array'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('packing', () => {
  // [dtype, values, bytes in ONNX's raw_data: little-endian, sub-byte types from the low bits up]
  const table: readonly [DType, readonly (number | bigint)[], Uint8Array][] = [
    ['float32', [1, -2.5], bytes(0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0)],
    ['float64', [1], bytes(0, 0, 0, 0, 0, 0, 0xf0, 0x3f)],
    ['float16', [1, -2.5, 65504], bytes(0, 0x3c, 0, 0xc1, 0xff, 0x7b)],
    ['bfloat16', [1, -2.5], bytes(0x80, 0x3f, 0x20, 0xc0)],
    ['int8', [-128, 127], bytes(0x80, 0x7f)],
    ['uint8', [0, 255], bytes(0, 255)],
    ['bool', [1, 0], bytes(1, 0)],
    ['int16', [-2], bytes(0xfe, 0xff)],
    ['uint16', [65534], bytes(0xfe, 0xff)],
    ['int32', [-2], bytes(0xfe, 0xff, 0xff, 0xff)],
    ['uint32', [4294967294], bytes(0xfe, 0xff, 0xff, 0xff)],
    ['int64', [-2n], bytes(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['uint64', [2n ** 64n - 2n], bytes(0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['int4', [-8, 7, -1], bytes(0x78, 0x0f)],
    ['uint4', [15, 1, 2], bytes(0x1f, 0x02)],
    ['int2', [-2, 1, 0, -1, 1], bytes(0b11000110, 0b01)],
    ['uint2', [3, 0, 2, 1, 2], bytes(0b01100011, 0b10)],
    ['float8e4m3fn', [1, -448], bytes(0x38, 0xfe)],
    ['float8e4m3fnuz', [1, -240], bytes(0x40, 0xff)],
    ['float8e5m2', [1, -Infinity], bytes(0x3c, 0xfc)],
    ['float8e5m2fnuz', [1, -57344], bytes(0x40, 0xff)],
    ['float8e8m0', [1, 2 ** -127], bytes(127, 0)],
    ['float4e2m1', [0.5, -6, 1.5], bytes(0xf1, 0x03)],
  ]

  it.each(table)('of %s', (dtype, values, data) => {
    const array = hostArray(dtype, [values.length], values)
    expect([...array.values]).toEqual(values)
    expect([...toTensor(array).data]).toEqual([...data])
    expect([...fromTensor({ dtype, shape: [values.length], data: data.slice() }).values]).toEqual(values)
  })

  it('reads from odd places of a buffer', () => {
    const data = new Uint8Array(bytes(9, 0, 0, 0x80, 0x3f).buffer, 1, 4)
    expect([...fromTensor({ dtype: 'float32', shape: [1], data }).values]).toEqual([1])
  })

  it('shares memory where types and alignment allow', () => {
    const data = new Uint8Array(8)
    const array = fromTensor({ dtype: 'int32', shape: [2], data })
    array.values[1] = 1
    expect(data[4]).toBe(1)
    expect(toTensor(array).data.buffer).toBe(data.buffer)
  })

  it('narrows double precision to the type', () => {
    const wide = emptyArray('float32', [1], true)
    wide.values[0] = 0.1
    expect([...toTensor(wide).data]).toEqual([...new Uint8Array(Float32Array.of(0.1).buffer)])
    const half = emptyArray('float16', [1], true)
    half.values[0] = 0.1
    expect([...toTensor(half).data]).toEqual([0x66, 0x2e])
  })

  it('knows texts by numbers, the empty one by 0', () => {
    const given = { dtype: 'string', shape: [2, 2], data: new Uint8Array(0), strings: ['b', '', 'é', 'b'] } as const
    const array = fromTensor(given)
    expect([array.values[1], array.values[0] === array.values[3], array.values[0] === array.values[2]]).toEqual([
      ...[0, true, false],
    ])
    expect(toTensor(array)).toEqual(given)
    expect(toTensor(emptyArray('string', [1])).strings).toEqual([''])
  })

  it('refuses what the engine does not compute with', () => {
    for (const dtype of ['complex64', 'undefined', 'unknown-77'] as const)
      expect(() => emptyArray(dtype, [1])).toThrow(`The engine does not compute with ${dtype}.`)
  })
})

describe('storing', () => {
  it.each([
    ['int8', 200, -56],
    ['uint8', -1, 255],
    ['int32', 2147483648, -2147483648],
    ['float16', 65520, Infinity],
    ['float16', 1 + 2 ** -11, 1],
    ['bfloat16', 1.01171875, 1.015625],
    ['float8e4m3fn', 1000, 448],
    ['float8e5m2', Infinity, Infinity],
    ['float8e4m3fn', Infinity, NaN],
    ['float4e2m1', 2.5, 2],
  ] as const)('%s keeps %d as %d', (dtype, value, kept) => {
    const array = emptyArray(dtype, [1])
    setValue(array, 0, value)
    expect(array.values[0]).toBe(kept)
  })

  it('cuts numbers for 64-bit integers, and keeps what is too large within them', () => {
    const array = emptyArray('int64', [4])
    ;[-1.9, Infinity, -Infinity, 2 ** 62].forEach((value, i) => setValue(array, i, value))
    expect([...array.values]).toEqual([-1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 62n])
    setValue(array, 0, 2n ** 63n)
    expect(array.values[0]).toBe(-(2n ** 63n))
  })

  it('checks the number of values', () => {
    expect(() => hostArray('int8', [2, 2], [1])).toThrow('1 values for shape [2,2]')
  })
})

describe('reading', () => {
  it('gives numbers of every type', () => {
    expect([...numbersOf(hostArray('int64', [2], [-3n, 2n ** 53n]))]).toEqual([-3, 2 ** 53])
    const plain = hostArray('int8', [2], [1, 2])
    expect(numbersOf(plain)).toBe(plain.values)
    expect(integersOf(hostArray('int64', [3], [1n, -2n, 3n]))).toEqual([1, -2, 3])
  })

  it('says what types are', () => {
    const floats = ['float32', 'float16', 'bfloat16', 'float64', 'float8e8m0', 'float4e2m1'] as const
    expect([...floats.map(isFloat), isFloat('int32'), isFloat('bool')]).toEqual([
      ...floats.map(() => true),
      false,
      false,
    ])
    expect((['int64', 'uint64', 'int32', 'float64'] as const).map(isBig)).toEqual([true, true, false, false])
  })

  it('knows the width of a slot', () => {
    const widths = { float16: 4, int4: 1, bool: 1, int64: 8, float64: 8, uint16: 2 } as const
    for (const [dtype, width] of Object.entries(widths)) expect(slotBytes(dtype as KnownDType)).toBe(width)
    expect(slotBytes('string')).toBe(4)
    expect(slotBytes('complex64')).toBeUndefined()
  })

  it("sees another's memory", () => {
    const memory = new ArrayBuffer(16)
    const view = arrayOver('float32', [2], memory, 8)
    view.values[1] = 2
    expect(new Float32Array(memory)[3]).toBe(2)
  })
})

describe('rounding', () => {
  it.each([
    ['float32', 0.1, Math.fround(0.1)],
    ['float16', 0.1, 0.0999755859375],
    ['bfloat16', 0.1, 0.10009765625],
    ['float8e5m2', 0.1, 0.09375],
    ['float64', 0.1, 0.1],
    ['int8', 300, 300],
  ] as const)('to %s', (dtype, value, rounded) => {
    expect(roundTo(dtype, value)).toBe(rounded)
  })

  it('rounds arrays after arithmetic in a wider type, double precision left alone', () => {
    const half = emptyArray('float16', [2])
    half.values.set([0.1, 70000] as never)
    expect([...roundAll(half).values]).toEqual([0.0999755859375, Infinity])
    const wide = emptyArray('float16', [1], true)
    wide.values[0] = 0.1
    expect([...roundAll(wide).values]).toEqual([0.1])
  })
})

describe('unaligned memory', () => {
  it('is copied, also that of a Node Buffer, whose slice() is a view', () => {
    const data = Buffer.from(new Uint8Array(9).buffer, 1, 8)
    data.writeFloatLE(1.5, 0)
    data.writeFloatLE(-2, 4)
    const { values } = fromTensor({ dtype: 'float32', shape: [2], data })
    expect([...values]).toEqual([1.5, -2])
  })
})
