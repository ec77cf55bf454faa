import { describe, expect, it } from 'vitest'
import { float16ToFloat32, float32ToFloat16 } from './float16'
import { float16ToNumber, numberToFloat16 } from './tensor'
import { Random } from './random'

const bitsOf = (...values: number[]) => [...float32ToFloat16(Float32Array.from(values))]

describe('float16 in bulk', () => {
  it('gives the values of the standard', () => {
    // Wikipedia, "Half-precision floating-point format", table of examples
    expect(bitsOf(0, -0, 1, -2, 65504, 2 ** -14, 2 ** -24, 1 / 3, Infinity, -Infinity)).toEqual([
      0, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0400, 1, 0x3555, 0x7c00, 0xfc00,
    ])
  })

  it('rounds half to even at every kind of edge', () => {
    expect(bitsOf(65519.99, 65520, 2 ** -25, 2 ** -25 * 1.001, 3 * 2 ** -25, 1 + 2 ** -11, 1 + 3 * 2 ** -11)).toEqual([
      0x7bff, 0x7c00, 0, 1, 2, 0x3c00, 0x3c02,
    ])
  })

  it('keeps every float16 and reads it exactly', () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i)
    const wide = float16ToFloat32(all)
    const back = float32ToFloat16(wide)
    for (let i = 0; i < 65536; i++) {
      expect(Object.is(wide[i], float16ToNumber(i))).toBe(true)
      if (!Number.isNaN(wide[i])) expect(back[i]).toBe(i)
    }
  })

  it('agrees with the one-value function on random bit patterns', () => {
    const random = new Random(7)
    const words = Uint32Array.from({ length: 20000 }, () => random.uint32())
    // as many in the range where binary16 has its edges
    for (let i = 0; i < 10000; i++) words[i] = 0x32000000 + (random.uint32() % 0x16000000)
    const values = new Float32Array(words.buffer)
    const halves = float32ToFloat16(values)
    values.forEach((value, i) => expect(halves[i], String(value)).toBe(numberToFloat16(value)))
  })
})
