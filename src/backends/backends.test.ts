import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DeviceError } from '../core/errors'
import { Random } from '../core/random'
import { roundHalfEven } from '../core/tensor'
import { loadQuantizeWasm } from '../testing/backends'
import { testGpu } from '../testing/webgpu-device'
import { createBackend } from '.'
import type { Backend, ChannelLayout } from './backend'
import { gridLayoutOf, scalePieces } from './blocks'
import { binsBetween } from './histogram'
import { referenceBackend } from './reference/reference'
import { CHUNK_ELEMENTS } from './wasm/wasm'
import type { Gpu } from './webgpu/device'
import { createWebgpuBackend } from './webgpu/quantize'
import { checkRounding } from './webgpu/quantize-check'

const NAMES = ['reference', 'wasm', 'webgpu', 'webgpu in pieces, bounds checked'] as const
const OTHERS = NAMES.filter((name) => name !== 'reference')
const backends = new Map<string, Backend>()
let gpus: Gpu[] = []
beforeAll(async () => {
  for (const name of ['reference', 'wasm'] as const) {
    backends.set(name, (await createBackend(name, loadQuantizeWasm)).backend)
  }
  gpus = [await testGpu(), await testGpu({ robust: true, features: false })]
  backends.set('webgpu', await createWebgpuBackend(gpus[0]!))
  backends.set('webgpu in pieces, bounds checked', await createWebgpuBackend(gpus[1]!, 6400))
})
afterAll(() => gpus.forEach((gpu) => gpu.dispose()))
const get = (name: string) => backends.get(name) as Backend

/** Sizes that miss every vector width, rows that fit no chunk, and both fast paths. */
const LAYOUTS: ChannelLayout[] = [
  { outer: 1, channels: 1, inner: 1 },
  { outer: 3, channels: 1, inner: 37 },
  { outer: 101, channels: 1, inner: 1 },
  { outer: 1, channels: 5, inner: 1 },
  { outer: 19, channels: 7, inner: 1 },
  { outer: 3, channels: 16, inner: 1 },
  { outer: 2, channels: 7, inner: 2 },
  { outer: 5, channels: 3, inner: 3 },
  { outer: 3, channels: 5, inner: 4 },
  { outer: 1, channels: 9, inner: 9 },
  { outer: 2, channels: 3, inner: 15 },
  { outer: 1, channels: 4, inner: 16 },
  { outer: 3, channels: 5, inner: 33 },
  { outer: 0, channels: 4, inner: 3 },
  { outer: 2, channels: 3, inner: 0 },
  // beyond one chunk: many rows, one long row, rows longer than a chunk, more channels than a chunk
  { outer: 1, channels: 211, inner: 499 },
  { outer: 1, channels: 1, inner: 2 * CHUNK_ELEMENTS + 13 },
  { outer: 1, channels: 3, inner: CHUNK_ELEMENTS + 5 },
  { outer: 1201, channels: 83, inner: 1 },
  { outer: 2, channels: CHUNK_ELEMENTS + 3, inner: 1 },
]
const label = ({ outer, channels, inner }: ChannelLayout) => `[${outer}, ${channels}, ${inner}]`
const sizeOf = ({ outer, channels, inner }: ChannelLayout) => outer * channels * inner

/** Weights of different spread per channel: every seventh channel zero, some outliers, ±0 and denormals. */
function weights(layout: ChannelLayout, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed)
  const special = [0, -0, 1e-45, -1e-45, 1e-39, -2.5e-40, 3e38, -3e38, 127.5, -128.5, 0.5, -0.5]
  return Float32Array.from({ length: sizeOf(layout) }, (_, i) => {
    const channel = Math.floor(i / layout.inner) % layout.channels
    if (channel % 7 === 3) return 0
    if (random.below(23) === 0) return special[random.below(special.length)] as number
    return random.normal() * (channel + 1) * 0.37 + 0.11
  })
}

/** Asymmetric parameters, a different pair per channel. */
function parametersFor(layout: ChannelLayout, dtype: 'int8' | 'uint8') {
  const offset = dtype === 'int8' ? -128 : 0
  const each = <T>(from: (c: number) => T) => Array.from({ length: layout.channels }, (_, c) => from(c))
  const scale = new Float32Array(each((c) => 0.013 * ((c % 11) + 1)))
  const zeroPoint = new Int32Array(each((c) => offset + ((c * 97 + 5) % 256)))
  return { layout, dtype, scale, reciprocal: scale.map((s) => 1 / s), zeroPoint }
}

/** Bins of another width and place per channel; values lie outside, too. */
function histogramFor(layout: ChannelLayout) {
  const each = <T>(from: (c: number) => T) => Array.from({ length: layout.channels }, (_, c) => from(c))
  return {
    ...{ layout, bins: 37, reciprocal: new Float32Array(each((c) => 17.3 / ((c % 11) + 1))) },
    first: new Int32Array(each((c) => (c % 5) - 20)),
  }
}

const oneChannel = (inner: number) => ({ outer: 1, channels: 1, inner })

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

  const quantize = async (values: number[], reciprocal: number, zeroPoint: number, dtype: 'int8' | 'uint8') => {
    const bytes = await get(name).quantize(new Float32Array(values), {
      layout: oneChannel(values.length),
      reciprocal: new Float32Array([reciprocal]),
      zeroPoint: new Int32Array([zeroPoint]),
      dtype,
    })
    return [...(dtype === 'int8' ? new Int8Array(bytes.buffer) : bytes)]
  }

  it('rounds halves to even', async () => {
    const halves = [0.5, 1.5, 2.5, 3.5, -0.5, -1.5, -2.5, 126.5, -127.5]
    expect(await quantize(halves, 1, 0, 'int8')).toEqual([0, 2, 2, 4, 0, -2, -2, 126, -128])
  })

  it('rounds before it adds the zero point', async () => {
    // 2.5 + 3 = 5.5 would round to 6
    expect(await quantize([2.5, 0.5, -1.5, -0.5], 1, 3, 'int8')).toEqual([5, 3, 1, 3])
  })

  it('rounds the product to float32 first', async () => {
    // 0.7 · 3.5714285 in doubles is 2.49999988…; as float32 it is 2.5 or its neighbour, and that decides
    const product = Math.fround(Math.fround(0.7) * Math.fround(3.5714287))
    expect(product).toBe(2.5)
    expect(Math.fround(0.7) * Math.fround(3.5714287)).not.toBe(2.5)
    expect(await quantize([0.7], 3.5714287, 0, 'int8')).toEqual([2])
  })

  it('clamps to the range of the type', async () => {
    const values = [127, 128, -128, -129, 1e9, -1e9, 3e38, -3e38, Infinity, -Infinity]
    expect(await quantize(values, 1, 0, 'int8')).toEqual([127, 127, -128, -128, 127, -128, 127, -128, 127, -128])
    expect(await quantize(values, 1, 0, 'uint8')).toEqual([127, 128, 0, 0, 255, 0, 255, 0, 255, 0])
    expect(await quantize(values, 1e30, 0, 'int8')).toEqual([127, 127, -128, -128, 127, -128, 127, -128, 127, -128])
  })

  it('does not wrap when a huge value meets a zero point', async () => {
    expect(await quantize([3e9, 65535.5, -3e9, -65536], 1, 127, 'int8')).toEqual([127, 127, -128, -128])
    expect(await quantize([3e9, 65535.5, -3e9, -65536], 1, -128, 'int8')).toEqual([127, 127, -128, -128])
    expect(await quantize([3e9, -3e9, -255.4, -255.6], 1, 255, 'uint8')).toEqual([255, 0, 0, 0])
  })

  it('keeps zero exact, of either sign, and denormals', async () => {
    expect(await quantize([0, -0, 1e-45, -1e-45, 1e-39], 1e20, 17, 'uint8')).toEqual([17, 17, 17, 17, 17])
    // denormals below 1.17e-38: a backend that flushed them to zero would give zeros
    expect(await quantize([1.1e-38, -1.1e-38, 6e-39], 3e38, 0, 'int8')).toEqual([3, -3, 2])
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
    await expect(get(name).quantize(new Float32Array(8), off)).rejects.toThrow('zero point 128 lies outside of int8')
    const bins = { layout, bins: 0, reciprocal: new Float32Array(2), first: new Int32Array(2) }
    await expect(get(name).histogram(new Float32Array(8), bins)).rejects.toThrow('0 bins')
    const scales = { layout, scale: new Float32Array(3), zeroPoint: new Int32Array(2), dtype: 'int8' as const }
    await expect(get(name).dequantize(new Uint8Array(8), scales)).rejects.toThrow('3 scales for 2 channels')
  })
})

const bits = (array: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>) => Buffer.from(array.buffer)

/** A backend and the reference on the same data; typed arrays compare by bits except for NaN and ±0, so bytes are compared. */
async function expectSame(name: string, values: Float32Array<ArrayBuffer>, layout: ChannelLayout) {
  const backend = get(name)
  const expected = await referenceBackend.minMax(values, layout)
  const found = await backend.minMax(values, layout)
  expect(found.firstNonFinite).toBe(expected.firstNonFinite)
  if (expected.firstNonFinite === -1) {
    expect(bits(found.min).equals(bits(expected.min)), 'minima').toBe(true)
    expect(bits(found.max).equals(bits(expected.max)), 'maxima').toBe(true)
  }
  const histogram = histogramFor(layout)
  const counts = await referenceBackend.histogram(values, histogram)
  expect(bits(await backend.histogram(values, histogram)).equals(bits(counts)), 'counts').toBe(true)
  for (const dtype of ['int8', 'uint8'] as const) {
    const parameters = parametersFor(layout, dtype)
    const bytes = await referenceBackend.quantize(values, parameters)
    expect(Buffer.from(await backend.quantize(values, parameters)).equals(bytes), dtype).toBe(true)
    const floats = await referenceBackend.dequantize(bytes, parameters)
    expect(bits(await backend.dequantize(bytes, parameters)).equals(bits(floats)), `dequantize ${dtype}`).toBe(true)
    const fake = await backend.fakeQuantize(values, parameters)
    expect(bits(fake).equals(bits(floats)), `fake-quantize ${dtype}`).toBe(true)
    for (const width of [2, 4] as const) {
      const packed = await referenceBackend.pack(bytes, width)
      expect(Buffer.from(await backend.pack(bytes, width)).equals(packed), `pack ${width}`).toBe(true)
    }
  }
}

describe.each(OTHERS)('%s gives the bytes of the reference', (name) => {
  it.each(LAYOUTS.map((layout) => [label(layout), layout] as const))('%s', async (_, layout) => {
    await expectSame(name, weights(layout, 20260711), layout)
  })

  it('reads values that do not start at the start of their buffer', async () => {
    const layout = { outer: 1, channels: 3, inner: 29 }
    const values = new Float32Array(100).map((_, i) => i * 0.3 - 7)
    const parameters = parametersFor(layout, 'int8')
    const part = values.subarray(5, 92)
    expect(await get(name).quantize(part, parameters)).toEqual(
      await referenceBackend.quantize(part.slice(), parameters),
    )
    const bytes = new Uint8Array(100).map((_, i) => i * 7).subarray(3, 90)
    expect(await get(name).dequantize(bytes, parameters)).toEqual(await referenceBackend.dequantize(bytes, parameters))
    expect(await get(name).pack(bytes, 4)).toEqual(await referenceBackend.pack(bytes, 4))
  })

  it('for any bits of any float', async () => {
    const layout = fc.oneof(
      fc.record({ outer: fc.nat(5), channels: fc.integer({ min: 1, max: 9 }), inner: fc.nat(40) }),
      fc.record({ outer: fc.nat(30), channels: fc.integer({ min: 1, max: 21 }), inner: fc.constant(1) }),
    )
    const cases = layout.chain((l) =>
      fc.tuple(fc.constant(l), fc.array(fc.nat(0xffffffff), { minLength: sizeOf(l), maxLength: sizeOf(l) })),
    )
    const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_007)
    console.log(`backends: FUZZ_SEED=${seed}`)
    const property = fc.asyncProperty(cases, ([l, words]) =>
      expectSame(name, new Float32Array(new Uint32Array(words).buffer), l),
    )
    await fc.assert(property, { seed, numRuns: 100 })
  })

  it('for any float near a rounding boundary', async () => {
    // every quarter from -256 to 256, each with the eight floats on either side
    const values = new Float32Array(2049 * 17)
    const words = new Uint32Array(values.buffer)
    for (let i = 0; i < values.length; i++) {
      values[i] = Math.floor(i / 17) / 4 - 256
      if (values[i] !== 0) words[i] = (words[i] as number) + (i % 17) - 8
    }
    for (const zeroPoint of [-128, -3, 0, 127]) {
      const parameters = {
        layout: oneChannel(values.length),
        reciprocal: new Float32Array([1]),
        zeroPoint: new Int32Array([zeroPoint]),
        dtype: 'int8' as const,
      }
      const expected = await referenceBackend.quantize(values, parameters)
      expect(new Set(expected).size).toBe(256)
      const found = Buffer.from(await get(name).quantize(values, parameters))
      expect(found.equals(expected), `zero point ${zeroPoint}`).toBe(true)
    }
  })

  it('for products of any size, denormal factors among them', async () => {
    // every exponent beside every other
    const layout = { outer: 1, channels: 255, inner: 255 }
    const random = new Random(77)
    const float = (exponent: number) => {
      const word = new Uint32Array([exponent * 2 ** 23 + random.below(2 ** 23)])
      return new Float32Array(word.buffer)[0] as number
    }
    const values = Float32Array.from({ length: 255 * 255 }, (_, i) => (i % 2 === 0 ? 1 : -1) * float(i % 255))
    const reciprocal = Float32Array.from({ length: 255 }, (_, c) => float(c))
    const quantize = { layout, reciprocal, zeroPoint: new Int32Array(255).fill(-5), dtype: 'int8' as const }
    const expected = await referenceBackend.quantize(values, quantize)
    expect(Buffer.from(await get(name).quantize(values, quantize)).equals(expected)).toBe(true)
    const histogram = { layout, reciprocal, bins: 61, first: new Int32Array(255).fill(-30) }
    expect(await get(name).histogram(values, histogram)).toEqual(await referenceBackend.histogram(values, histogram))
    const bytes = expected.map((_, i) => i * 7)
    const dequantize = { layout, scale: reciprocal, zeroPoint: new Int32Array(255).fill(3), dtype: 'uint8' as const }
    const floats = await referenceBackend.dequantize(bytes, dequantize)
    expect(bits(await get(name).dequantize(bytes, dequantize)).equals(bits(floats))).toBe(true)
  })

  it('counts infinities and NaN in no bin, and everything in the first where the bins have no width', async () => {
    const values = new Float32Array([NaN, 1, Infinity, -2, -Infinity, 3e38, 0])
    const wide = { layout: oneChannel(7), bins: 3, reciprocal: new Float32Array([0]), first: new Int32Array(1) }
    expect([...(await get(name).histogram(values, wide))]).toEqual([4, 0, 0])
  })

  it('quantizes blocks along any axis as calls with channel layouts', async () => {
    for (const [shape, axis, size] of BLOCKS) {
      const values = weights({ outer: 1, channels: 1, inner: sizeOfShape(shape) }, 5)
      const expected = blockwise(values, shape, axis, size)
      const found = new Uint8Array(values.length)
      const blocks = shape.map((_, i) => (i === axis ? size : 1))
      for (const { start, count, layout, channel } of scalePieces(gridLayoutOf(shape, blocks), 0, values.length)) {
        const part = {
          ...{ layout, dtype: 'int8' as const, zeroPoint: new Int32Array(layout.channels).fill(-2) },
          reciprocal: BLOCK_RECIPROCALS.slice(channel, channel + layout.channels),
        }
        found.set(await get(name).quantize(values.subarray(start, start + count), part), start)
      }
      expect(Buffer.from(found).equals(expected), `blocks of ${size} along axis ${axis} of [${shape.join(', ')}]`).toBe(
        true,
      )
    }
  })
})

/** Shape, axis, block size: whole and short blocks, along the last axis and before it. */
const BLOCKS = [
  [[3, 32], 1, 8],
  [[3, 29], 1, 8],
  [[29, 5], 0, 8],
  [[2, 9, 7], 1, 4],
  [[17], 0, 16],
] as const
const sizeOfShape = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1)
const BLOCK_RECIPROCALS = new Float32Array(64).map((_, i) => 3 + 5 * (i % 7))

/** As ONNX defines `block_size`, element by element. */
function blockwise(values: Float32Array, shape: readonly number[], axis: number, size: number): Uint8Array {
  const inner = sizeOfShape(shape.slice(axis + 1))
  const length = shape[axis] as number
  const blocks = Math.ceil(length / size)
  return Uint8Array.from(values, (x, i) => {
    const block = Math.floor((Math.floor(i / inner) % length) / size)
    const scale = (Math.floor(i / (inner * length)) * blocks + block) * inner + (i % inner)
    const q = roundHalfEven(Math.fround(x * (BLOCK_RECIPROCALS[scale] as number))) - 2
    return Math.min(127, Math.max(-128, q))
  })
}

describe('the GPU backend', () => {
  it('makes no buffer after the first call of a size', async () => {
    const { device } = gpus[0]!
    const layout = { outer: 3, channels: 7, inner: 501 }
    const values = weights(layout, 3)
    const backend = get('webgpu')
    const all = async () => {
      await backend.minMax(values, layout)
      await backend.histogram(values, histogramFor(layout))
      const parameters = parametersFor(layout, 'int8')
      const bytes = await backend.quantize(values, parameters)
      await backend.dequantize(bytes, parameters)
      await backend.fakeQuantize(values, parameters)
      await backend.pack(bytes, 4)
    }
    await all()
    const made = vi.spyOn(device, 'createBuffer')
    for (let i = 0; i < 5; i++) await all()
    expect(made).not.toHaveBeenCalled()
    made.mockRestore()
  })

  it('answers calls that overlap as if they came one after the other', async () => {
    const layout = { outer: 2, channels: 3, inner: 700 }
    const tensors = [1, 2, 3, 4].map((seed) => weights(layout, seed))
    const parameters = parametersFor(layout, 'uint8')
    const found = await Promise.all(tensors.map((values) => get('webgpu').quantize(values, parameters)))
    expect(found).toEqual(await Promise.all(tensors.map((values) => referenceBackend.quantize(values, parameters))))
  })

  it('refuses a GPU that rounds otherwise', async () => {
    const wrong: Backend = {
      ...referenceBackend,
      quantize: async (values, parameters) =>
        (await referenceBackend.quantize(values, parameters)).map((q, i) => (i === 516 ? q + 1 : q)),
    }
    await expect(checkRounding(wrong)).rejects.toThrow('This GPU rounds numbers otherwise than other machines do')
  })

  it('fails when the device is lost, and so does every call after it', async () => {
    const lost = await testGpu()
    const backend = await createWebgpuBackend(lost)
    lost.device.destroy()
    await lost.lost
    const pack = () => backend.pack(new Uint8Array(9), 4)
    await expect(pack()).rejects.toThrow('The GPU was lost')
    await expect(pack()).rejects.toThrow(DeviceError)
  })
})

describe('bins', () => {
  it.each([
    [-1, 3, 5, { reciprocal: 1, first: -1 }],
    [0, 10, 11, { reciprocal: 1, first: 0 }],
    [-0.5, 0.5, 2, { reciprocal: 1, first: 0 }],
    [2, 2, 8, { reciprocal: 0, first: 0 }],
    [1e-45, 3e-45, 8, { reciprocal: 0, first: 0 }],
    // floats near 2²⁴ are whole numbers: no bins in between
    [2 ** 24 - 4, 2 ** 24, 1025, { reciprocal: 2 ** -3, first: 2 ** 21 }],
  ])('from %f to %f, %i of them', (low, high, bins, expected) => {
    expect(binsBetween(low, high, bins)).toEqual(expected)
  })

  it('hold both ends', () => {
    fc.assert(
      fc.property(
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)]
          const { reciprocal, first } = binsBetween(low, high, 100)
          const bin = (x: number) => roundHalfEven(Math.fround(x * reciprocal)) - first
          expect(bin(low) + 0).toBe(0)
          expect(bin(high)).toBeLessThanOrEqual(100)
        },
      ),
    )
  })
})

describe('createBackend', () => {
  it('takes SIMD where it is there, without a note', async () => {
    const { backend, note } = await createBackend('auto', loadQuantizeWasm)
    expect(backend.name).toBe('wasm')
    expect(note).toBeUndefined()
  })

  it('falls back to the reference and says why', async () => {
    const { backend, note } = await createBackend('auto', async () => new Uint8Array([0, 97, 115, 109]))
    expect(backend.name).toBe('reference')
    expect(note?.severity).toBe('warning')
    expect(note?.text).toContain('the bytes are the same')
    expect(note?.text).toContain('The SIMD kernels could not be loaded')
    const offline = await createBackend('auto', () => Promise.reject(new TypeError('fetch failed')))
    expect(offline.note?.text).toContain('fetch failed')
  })

  it('fails when wasm was asked for and cannot be had', async () => {
    const broken = createBackend('wasm', async () => new Uint8Array(8))
    await expect(broken).rejects.toThrow(DeviceError)
    await expect(broken).rejects.toThrow('choose the reference backend')
  })
})
