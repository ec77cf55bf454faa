import { describe, expect, it } from 'vitest'
import { asNumbers, bfloat16ToNumber, float16ToNumber, numberToFloat16, roundHalfEven, tensor } from './tensor'

describe('float16', () => {
  it('keeps every finite binary16 value through number and back', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = float16ToNumber(bits)
      if (Number.isNaN(value)) continue
      expect(numberToFloat16(value)).toBe(bits)
    }
  })

  it.each([
    [65504, 0x7bff],
    [65519.996, 0x7bff],
    [65520, 0x7c00],
    [-1e9, 0xfc00],
    [1 + 2 ** -11, 0x3c00], // tie to even, down
    [1 + 3 * 2 ** -11, 0x3c02], // tie to even, up
    [2 ** -25, 0x0000], // half of the smallest subnormal: tie to even
    [2 ** -25 * 1.0001, 0x0001],
    [-(2 ** -24), 0x8001],
    [-0, 0x8000],
  ])('rounds %d to nearest, ties to even', (value, bits) => {
    expect(numberToFloat16(value)).toBe(bits)
  })

  it('keeps NaN a NaN', () => {
    expect(float16ToNumber(numberToFloat16(NaN))).toBeNaN()
  })

  it('reads bfloat16 as the upper half of a float32', () => {
    expect(bfloat16ToNumber(0x3fc0)).toBe(1.5)
    expect(bfloat16ToNumber(0xff80)).toBe(-Infinity)
  })
})

describe('asNumbers', () => {
  it('unpacks sub-byte types low bits first and extends their sign', () => {
    expect([...asNumbers(tensor('int4', [3], new Uint8Array([0x8f, 0x07])))]).toEqual([-1, -8, 7])
    expect([...asNumbers(tensor('uint4', [3], new Uint8Array([0x8f, 0x07])))]).toEqual([15, 8, 7])
    expect([...asNumbers(tensor('int2', [5], new Uint8Array([0b11_10_01_00, 0b01])))]).toEqual([0, 1, -2, -1, 1])
    expect([...asNumbers(tensor('uint2', [5], new Uint8Array([0b11_10_01_00, 0b01])))]).toEqual([0, 1, 2, 3, 1])
  })

  it('reads wide integers and odd offsets', () => {
    const bytes = new Uint8Array(9)
    new DataView(bytes.buffer).setBigInt64(1, -5n, true)
    expect([...asNumbers(tensor('int64', [], bytes.subarray(1)))]).toEqual([-5])
  })

  it('refuses a byte count that does not fit the shape', () => {
    expect(() => tensor('float32', [3], new Uint8Array(11))).toThrow('float32 of shape [3] does not have 11 bytes')
  })
})

it('rounds halves to even', () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4999].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 2])
})
