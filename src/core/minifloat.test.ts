import { describe, expect, it } from 'vitest'
import frozen from './minifloat.frozen.json' with { type: 'json' }
import { decodeMinifloat, encodeMinifloat, isMinifloat, type Minifloat } from './minifloat'

const bytesOf = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
const floatsOf = (text: string) => new Float32Array(bytesOf(text).buffer)

const ROUNDED = ['float8e4m3fn', 'float8e4m3fnuz', 'float8e5m2', 'float8e5m2fnuz', 'float4e2m1'] as const
const ALL = [...ROUNDED, 'float8e8m0'] as const

describe.each(ALL)('%s', (dtype) => {
  it('has the value that ml_dtypes gives to every code', () => {
    const values = floatsOf(frozen.types[dtype].values)
    expect(values.length).toBe(dtype === 'float4e2m1' ? 16 : 256)
    values.forEach((value, code) => expect([code, decodeMinifloat(dtype, code)]).toEqual([code, value]))
  })

  it('gives every value its code back', () => {
    floatsOf(frozen.types[dtype].values).forEach((value, code) => {
      if (!Number.isNaN(value)) expect(encodeMinifloat(dtype, value, false)).toBe(code)
      else expect(decodeMinifloat(dtype, encodeMinifloat(dtype, value))).toBeNaN()
    })
  })
})

describe.each(ROUNDED)('%s rounds as ml_dtypes does', (dtype) => {
  const { inputs, saturated, plain } = frozen.types[dtype]
  it.each([
    ['with saturation', true, saturated],
    ['without', false, plain],
  ] as const)('%s', (_, saturates, wanted) => {
    const codes = bytesOf(wanted)
    floatsOf(inputs).forEach((value, i) => {
      const found = encodeMinifloat(dtype, value, saturates)
      // NaN has a sign and more than one code in some types
      const isNaN = Number.isNaN(decodeMinifloat(dtype, codes[i]!))
      if (isNaN) expect([value, decodeMinifloat(dtype, found)]).toEqual([value, NaN])
      else expect([value, found]).toEqual([value, codes[i]])
    })
  })
})

describe('what the specification says of special values', () => {
  // ONNX, operator Cast, tables of float8 conversions
  it.each([
    ['float8e4m3fn', Infinity, true, 448],
    ['float8e4m3fn', -Infinity, false, NaN],
    ['float8e4m3fnuz', Infinity, true, 240],
    ['float8e4m3fnuz', Infinity, false, NaN],
    ['float8e5m2', -Infinity, true, -57344],
    ['float8e5m2', -Infinity, false, -Infinity],
    ['float8e5m2fnuz', Infinity, true, 57344],
    ['float8e5m2fnuz', -Infinity, false, NaN],
    ['float4e2m1', Infinity, true, 6],
    ['float4e2m1', -Infinity, false, -6],
    ['float4e2m1', NaN, true, -0],
    ['float8e4m3fnuz', -0, true, 0],
    ['float8e5m2fnuz', -1e-9, true, 0],
    ['float8e4m3fn', -0, true, -0],
  ] as const)('%s of %d, saturating: %s', (dtype, value, saturates, wanted) => {
    expect(decodeMinifloat(dtype, encodeMinifloat(dtype, value, saturates))).toBe(wanted)
  })

  it('rounds powers of two up, down or to the nearest with ties up', () => {
    const of = (value: number, rounding: 'up' | 'down' | 'nearest') =>
      decodeMinifloat('float8e8m0', encodeMinifloat('float8e8m0', value, true, rounding))
    expect([1, 1.001, 1.499, 1.5, 2].map((value) => of(value, 'up'))).toEqual([1, 2, 2, 2, 2])
    expect([1, 1.001, 1.5, 1.999, 2].map((value) => of(value, 'down'))).toEqual([1, 1, 1, 1, 2])
    expect([1, 1.499, 1.5, 0.75, 0.74].map((value) => of(value, 'nearest'))).toEqual([1, 1, 2, 1, 0.5])
  })

  it('keeps float8e8m0 between its smallest and largest power, or says NaN', () => {
    const of = (value: number, saturates: boolean) => encodeMinifloat('float8e8m0', value, saturates, 'up')
    expect([0, 2 ** -130, 1.5 * 2 ** 127, Infinity].map((value) => of(value, true))).toEqual([0, 0, 254, 254])
    expect([0, 2 ** -130, 1.5 * 2 ** 127, Infinity, NaN, -1].map((value) => of(value, false))).toEqual(
      new Array(6).fill(255),
    )
  })

  it('knows its types', () => {
    const others: readonly string[] = ['float16', 'int4', 'toString']
    expect(ALL.every(isMinifloat)).toBe(true)
    expect(others.some((one) => isMinifloat(one as Minifloat))).toBe(false)
  })
})
