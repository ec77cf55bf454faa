import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UnsupportedError } from '../../core/errors'
import { fitToBias, leastWeightScale, quantizeBias } from './bias'
import { chooseParameters } from './parameters'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9)
const INT8 = { bits: 8, isSigned: true, scheme: 'symmetric' } as const

describe('quantizing a bias', () => {
  it('gives the integers computed by hand, ties to even, with a scale per channel', () => {
    const { values, scale, saturated } = quantizeBias([1.5, -0.4375, 0.078125, -0], 0.5, [0.5, 0.25, 0.0625, 1])
    expect([...scale]).toEqual([0.25, 0.125, 0.03125, 0.5])
    // 6, -3.5, 2.5, 0
    expect([...values]).toEqual([6, -4, 2, 0])
    expect(saturated).toEqual([])
  })

  it('takes one scale for all channels', () => {
    const { values, scale } = quantizeBias([1, -2, 3], 0.5, [0.25])
    expect([...scale]).toEqual([0.125])
    expect([...values]).toEqual([8, -16, 24])
  })

  it('stores the product rounded to float32, and divides by what it stores', () => {
    const [a, w] = [Math.fround(0.1), Math.fround(0.003)]
    const { values, scale } = quantizeBias([123.456], a, [w])
    expect(scale[0]).toBe(Math.fround(a * w))
    expect(values[0]).toBe(Math.round(123.456 / Math.fround(a * w)))
  })

  it('clamps beyond int32 and says which channels', () => {
    const { values, saturated } = quantizeBias([2 ** 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) - 2, 1], 1, [1])
    expect([...values]).toEqual([2 ** 31 - 1, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31), 1])
    expect(saturated).toEqual([0, 3])
  })

  it('names the first value that is not finite', () => {
    const run = () => quantizeBias([1, -Infinity, NaN], 1, [1], 'conv.bias')
    expect(run).toThrow(UnsupportedError)
    expect(run).toThrow(
      'Tensor "conv.bias" holds -Infinity at [1] (element 1). Weights must be finite to be quantized.',
    )
  })
})

describe('fitting weight scales to a bias', () => {
  it('finds the scale at which a bias takes half of int32', () => {
    expect([...leastWeightScale([2 ** 20, -(2 ** 21), 0], 0.5)]).toEqual([2 ** -9, 2 ** -8, 2 ** -125])
  })

  it('raises a channel whose scale is too small and leaves the others alone', () => {
    const layout = { outer: 1, channels: 3, inner: 4 }
    const range = { min: [-1.27, -(2 ** -20) * 127, -127], max: [1, 0, 12] }
    const before = chooseParameters(INT8, layout, range)
    const bias = [0.25, 2048, -3]
    expect(quantizeBias(bias, 0.5, before.scale).saturated).toEqual([1])
    const { parameters, raised } = fitToBias(before, bias, 0.5)
    expect(raised).toEqual([1])
    expect([...parameters.scale]).toEqual([before.scale[0], 2 ** -18, 1])
    expect([...parameters.reciprocal]).toEqual([before.reciprocal[0], 2 ** 18, 1])
    const after = quantizeBias(bias, 0.5, parameters.scale)
    expect([after.saturated, after.values[1]]).toEqual([[], 2 ** 30])
  })

  it('keeps the bias of a channel whose weights are all zero', () => {
    const layout = { outer: 1, channels: 2, inner: 4 }
    const before = chooseParameters(INT8, layout, { min: [0, 0], max: [0, 0] })
    expect([...before.scale]).toEqual([1, 1])
    // With scale 1 the bias would round to 0
    expect([...quantizeBias([0.1, 0], 0.5, before.scale).values]).toEqual([0, 0])
    const { parameters, raised } = fitToBias(before, [0.1, 0], 0.5)
    const { values, scale } = quantizeBias([0.1, 0], 0.5, parameters.scale)
    expect((values[0] as number) * (scale[0] as number)).toBeCloseTo(0.1, 7)
    expect(raised).toEqual([])
    expect([...parameters.reciprocal]).toEqual([0, 0])
    expect(parameters.scale[1]).toBe(1)
  })

  it('takes the largest scale that is needed where there is only one, and keeps powers of two', () => {
    const layout = { outer: 1, channels: 1, inner: 12 }
    const type = { ...INT8, scheme: 'power-of-two' } as const
    const before = chooseParameters(type, layout, { min: [-1e-6], max: [1e-6] })
    const { parameters, raised } = fitToBias(before, [3000, -1, 5000], 0.25)
    expect([...parameters.scale]).toEqual([2 ** -15])
    expect(raised).toEqual([0])
  })

  it(`always ends with a bias that fits (FUZZ_SEED=${SEED})`, () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e20), max: Math.fround(1e20) })
    const scale = fc.float({ noNaN: true, min: 2 ** -126, max: 2 ** 60 })
    const property = fc.property(fc.array(fc.tuple(float, float), { minLength: 1 }), scale, (pairs, activation) => {
      const layout = { outer: 1, channels: pairs.length, inner: 1 }
      const weights = pairs.map(([weight]) => weight)
      const bias = pairs.map(([, one]) => one)
      const { parameters } = fitToBias(chooseParameters(INT8, layout, { min: weights, max: weights }), bias, activation)
      const { values, scale, saturated } = quantizeBias(bias, activation, parameters.scale)
      if (bias.every((one) => Math.abs(one) / activation < 2 ** 146)) expect(saturated).toEqual([])
      for (const [n, product] of scale.entries()) {
        expect(product).toBeGreaterThanOrEqual(2 ** -126)
        if (saturated.includes(n)) continue
        const error = Math.abs((bias[n] as number) - (values[n] as number) * product)
        expect(error).toBeLessThanOrEqual(product / 2)
      }
    })
    fc.assert(property, { seed: SEED, numRuns: 500 })
  })
})
