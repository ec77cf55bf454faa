import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LAYOUTS, label, NAMES, oneChannel, openBackends, sizeOf, weights } from '../testing/quantize-kit'
import type { KernelInteger, Limits } from './backend'

let backends: Awaited<ReturnType<typeof openBackends>>
beforeAll(async () => {
  backends = await openBackends()
})
afterAll(() => backends.dispose())
const get = (name: string) => backends.get(name)
const ARRAY = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array } as const

describe.each(NAMES)('%s backend, values by hand', (name) => {
  it('counts values by the bin that they round to', async () => {
    const values = new Float32Array([-3, -1, -0.5, -0, 0.25, 0.5, 0.75, 1.5, 7, 100])
    const parameters = {
      layout: oneChannel(10),
      bins: 4,
      reciprocal: new Float32Array([1]),
      first: new Int32Array([-1]),
    }
    // -1, 0, 1, 2; 0.5 rounds to 0 and 1.5 to 2; what lies outside is in the outer bins
    expect([...(await get(name).histogram(values, parameters))]).toEqual([2, 4, 1, 3])
    const columns = { outer: 5, channels: 2, inner: 1 }
    const two = {
      ...parameters,
      layout: columns,
      reciprocal: new Float32Array([1, 0.5]),
      first: new Int32Array([-1, 0]),
    }
    expect([...(await get(name).histogram(values, two))]).toEqual([1, 2, 1, 1, 3, 1, 0, 1])
  })

  it('gives back what quantizing leaves of values', async () => {
    const parameters = {
      ...{ layout: oneChannel(5), dtype: 'uint8' as const, zeroPoint: new Int32Array([3]) },
      ...{ reciprocal: new Float32Array([2]), scale: new Float32Array([0.5]) },
    }
    const values = new Float32Array([0.1, 0.26, -1.6, -0, 500])
    expect([...(await get(name).fakeQuantize(values, parameters))]).toEqual([0, 0.5, -1.5, 0, 126])
  })

  const quantize = async (
    values: number[],
    [reciprocal, zeroPoint]: [reciprocal: number, zeroPoint: number],
    dtype: KernelInteger,
    limits?: Limits,
  ) => {
    const bytes = await get(name).quantize(new Float32Array(values), {
      layout: oneChannel(values.length),
      reciprocal: new Float32Array([reciprocal]),
      zeroPoint: new Int32Array([zeroPoint]),
      ...{ dtype, limits },
    })
    return [...new ARRAY[dtype](bytes.buffer)]
  }

  it('rounds halves to even', async () => {
    const halves = [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, 126.5, -127.5]
    expect(await quantize(halves, [1, 0], 'int8')).toEqual([0, 2, 2, 4, 0, -2, -2, 126, -128])
  })

  it('rounds before it adds the zero point', async () => {
    // 2.5 + 3 = 5.5 would round to 6
    expect(await quantize([2.5, 0.5, -1.5, -0.5], [1, 3], 'int8')).toEqual([5, 3, 1, 3])
  })

  it('rounds the product to float32 first', async () => {
    // 0.7 · 3.5714285 in doubles is 2.49999988…; as float32 it is 2.5 or its neighbour, and that decides
    const product = Math.fround(Math.fround(0.7) * Math.fround(3.5714287))
    expect(product).toBe(2.5)
    expect(Math.fround(0.7) * Math.fround(3.5714287)).not.toBe(2.5)
    expect(await quantize([0.7], [3.5714287, 0], 'int8')).toEqual([2])
  })

  it('clamps to the range of the type', async () => {
    const values = [127, 128, -128, -129, 1e9, -1e9, 3e38, -3e38, Infinity, -Infinity]
    expect(await quantize(values, [1, 0], 'int8')).toEqual([127, 127, -128, -128, 127, -128, 127, -128, 127, -128])
    expect(await quantize(values, [1, 0], 'uint8')).toEqual([127, 128, 0, 0, 255, 0, 255, 0, 255, 0])
    expect(await quantize(values, [1e30, 0], 'int8')).toEqual([127, 127, -128, -128, 127, -128, 127, -128, 127, -128])
  })

  it('clamps to narrower limits, in rows of any length and in columns', async () => {
    const values = [-70, -64.4, -64.6, 3.5, 63.5, 64.5, 200, 1e9, -Infinity]
    const limits = { low: -64, high: 63 }
    expect(await quantize(values, [1, 0], 'int8', limits)).toEqual([-64, -64, -64, 4, 63, 63, 63, 63, -64])
    expect(await quantize(values, [1, 10], 'uint8', { low: 2, high: 70 })).toEqual([2, 2, 2, 14, 70, 70, 70, 70, 2])
    for (const layout of LAYOUTS) {
      const { channels } = layout
      const reciprocal = new Float32Array(channels).fill(1e30)
      const parameters = { layout, reciprocal, zeroPoint: new Int32Array(channels).fill(3), dtype: 'int8' as const }
      const bytes = await get(name).quantize(weights(layout, 9), { ...parameters, limits: { low: -7, high: 9 } })
      const others = new Int8Array(bytes.buffer).filter((q) => q !== -7 && q !== 9 && q !== 3)
      expect([label(layout), others.length]).toEqual([label(layout), 0])
    }
  })

  it('quantizes to 16 bits', async () => {
    const values = [32767.5, 32766.5, -32768.5, 0.5, 1.5, 1e9, -1e9, Infinity, -Infinity, NaN]
    expect(await quantize(values, [1, 0], 'int16')).toEqual([
      ...[32767, 32766, -32768, 0, 2, 32767, -32768, 32767, -32768, -32768],
    ])
    expect(await quantize(values, [2, 300], 'uint16')).toEqual([...[65535, 65535, 0, 301, 303, 65535, 0, 65535, 0, 0]])
    expect(await quantize([-300, 300], [100, -5], 'int16', { low: -20000, high: 10 })).toEqual([-20000, 10])
  })

  it('restores 16 bits, also at an odd byte', async () => {
    const run = async (words: number[], scale: number, zeroPoint: number, dtype: 'int16' | 'uint16') => {
      const bytes = new Uint8Array(2 * words.length + 1)
      bytes.set(new Uint8Array(Uint16Array.from(words).buffer), 1)
      const layout = oneChannel(words.length)
      const one = { layout, scale: new Float32Array([scale]), zeroPoint: new Int32Array([zeroPoint]), dtype }
      return [...(await get(name).dequantize(bytes.subarray(1), one))]
    }
    expect(await run([0, 1, 32767, 32768, 65535], 0.5, 3, 'int16')).toEqual([-1.5, -1, 16382, -16385.5, -2])
    expect(await run([0, 1, 40000, 65535], 0.25, 40000, 'uint16')).toEqual([-10000, -9999.75, 0, 6383.75])
  })

  it('does not wrap when a huge value meets a zero point', async () => {
    expect(await quantize([3e9, 65535.5, -3e9, -65536], [1, 127], 'int8')).toEqual([127, 127, -128, -128])
    expect(await quantize([3e9, 65535.5, -3e9, -65536], [1, -128], 'int8')).toEqual([127, 127, -128, -128])
    expect(await quantize([3e9, -3e9, -255.4, -255.6], [1, 255], 'uint8')).toEqual([255, 0, 0, 0])
  })

  it('keeps zero exact, of either sign, and denormals', async () => {
    expect(await quantize([0, -0, 1e-45, -1e-45, 1e-39], [1e20, 17], 'uint8')).toEqual([17, 17, 17, 17, 17])
    // denormals below 1.17e-38: a backend that flushed them to zero would give zeros
    expect(await quantize([1.1e-38, -1.1e-38, 6e-39], [3e38, 0], 'int8')).toEqual([3, -3, 2])
  })

  it('finds ranges per channel', async () => {
    const values = new Float32Array([1, -2, 3, 0, 0, 0, -5, 7, 0.5, -0, 0, -0])
    const { min, max, firstNonFinite } = await get(name).minMax(values, { outer: 2, channels: 2, inner: 3 })
    expect([...min]).toEqual([-5, 0])
    expect([...max]).toEqual([7, 0])
    expect(firstNonFinite).toBe(-1)
    const columns = await get(name).minMax(values, { outer: 4, channels: 3, inner: 1 })
    expect([...columns.min]).toEqual([-5, -2, 0])
    expect([...columns.max]).toEqual([1, 7, 3])
  })

  it('gives +0 for channels without elements', async () => {
    expect(await get(name).minMax(new Float32Array(), { outer: 0, channels: 3, inner: 4 })).toEqual({
      min: new Float32Array(3),
      max: new Float32Array(3),
      firstNonFinite: -1,
    })
  })

  it.each([NaN, Infinity, -Infinity])('finds the first %f wherever it stands', async (bad) => {
    for (const layout of LAYOUTS.filter((l) => sizeOf(l) > 0)) {
      const size = sizeOf(layout)
      for (const at of new Set([0, size >> 1, size - 1])) {
        const values = weights(layout, 7)
        values[at] = bad
        values[size - 1] = bad
        expect((await get(name).minMax(values, layout)).firstNonFinite, `${label(layout)}, index ${at}`).toBe(at)
      }
    }
  })

  it('dequantizes', async () => {
    const run = async (bytes: number[], scale: number, zeroPoint: number, dtype: 'int8' | 'uint8') => [
      ...(await get(name).dequantize(new Uint8Array(bytes), {
        layout: oneChannel(bytes.length),
        scale: new Float32Array([scale]),
        zeroPoint: new Int32Array([zeroPoint]),
        dtype,
      })),
    ]
    expect(await run([0, 1, 127, 128, 255], 0.5, 3, 'int8')).toEqual([-1.5, -1, 62, -65.5, -2])
    expect(await run([0, 1, 127, 128, 255], 0.25, 200, 'uint8')).toEqual([-50, -49.75, -18.25, -18, 13.75])
    expect(await run([3], 0.1, 0, 'int8')).toEqual([Math.fround(3 * Math.fround(0.1))])
  })

  it('packs low bits first and pads with zeros', async () => {
    // -8 … 7 as bytes: the upper bits are cut
    expect([...(await get(name).pack(new Uint8Array([1, 0xf8, 15, 0xff, 7]), 4))]).toEqual([0x81, 0xff, 0x07])
    expect([...(await get(name).pack(new Uint8Array([1, 2, 3, 0xfe, 2]), 2))]).toEqual([0b10_11_10_01, 0b10])
    expect([...(await get(name).pack(new Uint8Array(), 2))]).toEqual([])
  })

  it('refuses layouts that do not fit', async () => {
    const layout = { outer: 2, channels: 2, inner: 2 }
    await expect(get(name).minMax(new Float32Array(7), layout)).rejects.toThrow(
      'layout [2, 2, 2] does not fit 7 elements',
    )
    const parameters = { layout, reciprocal: new Float32Array(1), zeroPoint: new Int32Array(2), dtype: 'int8' as const }
    await expect(get(name).quantize(new Float32Array(8), parameters)).rejects.toThrow('1 reciprocals for 2 channels')
    const off = { ...parameters, reciprocal: new Float32Array(2), zeroPoint: new Int32Array([0, 128]) }
    await expect(get(name).quantize(new Float32Array(8), off)).rejects.toThrow(
      'zero point 128 lies outside of int8 -128 … 127',
    )
    const narrow = { ...off, limits: { low: -7, high: 7 } }
    await expect(
      get(name).quantize(new Float32Array(8), { ...narrow, zeroPoint: new Int32Array([0, 8]) }),
    ).rejects.toThrow('zero point 8 lies outside of int8 -7 … 7')
    const beyond = { ...narrow, zeroPoint: new Int32Array(2), limits: { low: -7, high: 128 } }
    await expect(get(name).quantize(new Float32Array(8), beyond)).rejects.toThrow('limits -7 … 128 of int8')
    const bins = { layout, bins: 0, reciprocal: new Float32Array(2), first: new Int32Array(2) }
    await expect(get(name).histogram(new Float32Array(8), bins)).rejects.toThrow('0 bins')
    const scales = { layout, scale: new Float32Array(3), zeroPoint: new Int32Array(2), dtype: 'int8' as const }
    await expect(get(name).dequantize(new Uint8Array(8), scales)).rejects.toThrow('3 scales for 2 channels')
  })
})
