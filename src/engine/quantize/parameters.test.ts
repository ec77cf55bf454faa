import { describe, expect, it } from 'vitest'
import { limitsOf, middleOf, storageOf, type IntegerType } from './integers'
import { chooseParameters } from './parameters'

describe('limits, by hand', () => {
  it.each<[IntegerType, number, number, number]>([
    [{ bits: 8, isSigned: true, scheme: 'symmetric' }, -127, 127, 0],
    [{ bits: 8, isSigned: true, scheme: 'asymmetric' }, -128, 127, 0],
    [{ bits: 8, isSigned: false, scheme: 'symmetric' }, 0, 255, 128],
    [{ bits: 8, isSigned: true, scheme: 'symmetric', isReduced: true }, -64, 64, 0],
    [{ bits: 8, isSigned: false, scheme: 'asymmetric', isReduced: true }, 0, 127, 64],
    [{ bits: 4, isSigned: true, scheme: 'power-of-two' }, -7, 7, 0],
    [{ bits: 4, isSigned: false, scheme: 'asymmetric' }, 0, 15, 8],
    [{ bits: 2, isSigned: true, scheme: 'symmetric' }, -1, 1, 0],
    [{ bits: 5, isSigned: true, scheme: 'asymmetric' }, -16, 15, 0],
    [{ bits: 16, isSigned: false, scheme: 'asymmetric' }, 0, 65535, 32768],
    [{ bits: 16, isSigned: true, scheme: 'symmetric' }, -32767, 32767, 0],
  ])('%o', (type, low, high, middle) => {
    expect([limitsOf(type), middleOf(type)]).toEqual([{ low, high }, middle])
  })

  it('are held in the narrowest of 4, 8 and 16 bits', () => {
    const storage = (bits: number, isSigned: boolean) => storageOf({ bits, isSigned, scheme: 'symmetric' })
    expect([2, 4, 5, 8, 9, 16].map((one) => storage(one, true))).toEqual([
      ...['int4', 'int4', 'int8', 'int8', 'int16', 'int16'],
    ])
    expect([3, 7, 12].map((one) => storage(one, false))).toEqual(['uint4', 'uint8', 'uint16'])
  })
})

describe('parameters, by hand', () => {
  const one = { outer: 1, channels: 1, inner: 4 }
  const choose = (type: IntegerType, min: number, max: number) => {
    const { scale, zeroPoint, reciprocal } = chooseParameters(type, one, { min: [min], max: [max] })
    return [scale[0], zeroPoint[0], reciprocal[0]]
  }

  it('choose scale and zero point', () => {
    expect(choose({ bits: 4, isSigned: false, scheme: 'asymmetric' }, -1, 6.5)).toEqual([0.5, 2, 2])
    expect(choose({ bits: 4, isSigned: true, scheme: 'asymmetric' }, -1, 6.5)).toEqual([0.5, -6, 2])
    expect(choose({ bits: 4, isSigned: true, scheme: 'symmetric' }, -3.5, 1)).toEqual([0.5, 0, 2])
    expect(choose({ bits: 16, isSigned: true, scheme: 'symmetric' }, -32767, 5)).toEqual([1, 0, 1])
    expect(choose({ bits: 8, isSigned: false, scheme: 'asymmetric', isReduced: true }, -27, 100)).toEqual([1, 27, 1])
    // a range that does not hold zero is widened to it
    expect(choose({ bits: 8, isSigned: false, scheme: 'asymmetric' }, 100, 255)).toEqual([1, 0, 1])
    expect(choose({ bits: 8, isSigned: false, scheme: 'symmetric' }, -254, 100)).toEqual([2, 128, 0.5])
  })

  it('round scales up to powers of two', () => {
    const type = { bits: 8, isSigned: true, scheme: 'power-of-two' } as const
    expect(choose(type, -127, 3)).toEqual([1, 0, 1])
    expect(choose(type, -127.01, 3)).toEqual([2, 0, 0.5])
    expect(choose(type, 0, 0.6)).toEqual([2 ** -7, 0, 128])
    expect(choose(type, 0, 127 * 2 ** -126)[0]).toBe(2 ** -126)
  })

  it('count as zero what would want a denormal scale, whatever the bits', () => {
    for (const bits of [2, 4, 8, 16]) {
      const type = { bits, isSigned: true, scheme: 'symmetric' } as const
      const edge = (2 ** (bits - 1) - 1) * 2 ** -126
      expect(choose(type, -edge, 0)).toEqual([2 ** -126, 0, 2 ** 126])
      expect(choose(type, -edge * 0.999, 0)).toEqual([1, 0, 0])
    }
    expect(choose({ bits: 8, isSigned: true, scheme: 'asymmetric' }, -0, 0)).toEqual([1, -128, 0])
  })

  it('stay finite for the largest floats', () => {
    const most = 3.4028234663852886e38
    expect(choose({ bits: 2, isSigned: true, scheme: 'power-of-two' }, -most, most)).toEqual([2 ** 126, 0, 2 ** -126])
    expect(choose({ bits: 2, isSigned: false, scheme: 'asymmetric' }, -most, most)[0]).toBe(2 ** 126)
  })

  it('refuse what is no range and no type', () => {
    const type = { bits: 8, isSigned: true, scheme: 'symmetric' } as const
    expect(() => choose(type, NaN, 1)).toThrow('a range of NaN … 1')
    expect(() => choose(type, -1, Infinity)).toThrow('a range of -1 … Infinity')
    expect(() => choose({ ...type, bits: 1 }, -1, 1)).toThrow('1 bits hold no symmetric integers')
    expect(() => choose({ ...type, bits: 17 }, -1, 1)).toThrow('17 bits hold no symmetric integers')
    expect(() => choose({ bits: 2, isSigned: false, scheme: 'symmetric', isReduced: true }, -1, 1)).toThrow(
      '2 bits hold no',
    )
  })
})
