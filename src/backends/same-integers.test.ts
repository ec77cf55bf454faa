import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Random } from '../core/random'
import { roundHalfEven } from '../core/tensor'
import {
  histogramFor,
  label,
  LAYOUTS,
  oneChannel,
  openBackends,
  OTHERS,
  parametersFor,
  sizeOf,
  weights,
} from '../testing/quantize-kit'
import type { ChannelLayout } from './backend'
import { gridLayoutOf, scalePieces } from './blocks'
import { referenceBackend } from './reference/reference'

let backends: Awaited<ReturnType<typeof openBackends>>
beforeAll(async () => {
  backends = await openBackends()
})
afterAll(() => backends.dispose())
const get = (name: string) => backends.get(name)

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
  for (const [dtype, limits] of INTEGERS) {
    const parameters = parametersFor(layout, dtype, limits)
    const bytes = await referenceBackend.quantize(values, parameters)
    expect(Buffer.from(await backend.quantize(values, parameters)).equals(bytes), dtype).toBe(true)
    const floats = await referenceBackend.dequantize(bytes, parameters)
    expect(bits(await backend.dequantize(bytes, parameters)).equals(bits(floats)), `dequantize ${dtype}`).toBe(true)
    const fake = await backend.fakeQuantize(values, parameters)
    expect(bits(fake).equals(bits(floats)), `fake-quantize ${dtype}`).toBe(true)
  }
  const bytes = await referenceBackend.quantize(values, parametersFor(layout, 'int8'))
  for (const width of [2, 4] as const) {
    const packed = await referenceBackend.pack(bytes, width)
    expect(Buffer.from(await backend.pack(bytes, width)).equals(packed), `pack ${width}`).toBe(true)
  }
}

/** Whole types and narrower limits. */
const INTEGERS = [
  ['int8', undefined],
  ['uint8', { low: 3, high: 201 }],
  ['int16', undefined],
  ['uint16', { low: 0, high: 65535 }],
] as const

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
    // A software GPU takes milliseconds for every call
    await fc.assert(property, { seed, numRuns: name === 'wasm' ? 150 : 40 })
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
