import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createBackend } from '../../backends'
import type { Backend } from '../../backends/backend'
import { referenceBackend } from '../../backends/reference/reference'
import type { Gpu } from '../../backends/webgpu/device'
import { createWebgpuBackend } from '../../backends/webgpu/quantize'
import { loadQuantizeWasm } from '../../testing/backends'
import { testGpu } from '../../testing/webgpu-device'
import { scaleLayoutOf, type Granularity } from './granularity'
import { limitsOf, type IntegerType } from './integers'
import { chooseParameters, type Parameters } from './parameters'
import { integerBytes } from './scaling'
import { dequantize, fakeQuantize, quantize, quantizeAt } from './verbs'

const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1e9)

let wasm: Backend
let webgpu: Backend
let gpu: Gpu
beforeAll(async () => {
  gpu = await testGpu()
  wasm = (await createBackend('wasm', loadQuantizeWasm)).backend
  webgpu = await createWebgpuBackend(gpu)
})
afterAll(() => gpu.dispose())

/** Every kind of integer that there is. */
const TYPES: readonly IntegerType[] = Array.from({ length: 15 }, (_, i) => i + 2).flatMap((bits) =>
  (['symmetric', 'asymmetric', 'power-of-two'] as const).flatMap((scheme) =>
    [true, false].flatMap((isSigned) =>
      [false, true]
        // One bit less than two leaves unsigned integers no middle
        .filter((isReduced) => !isReduced || bits > 2 || isSigned)
        .map((isReduced) => ({ bits, isSigned, scheme, isReduced })),
    ),
  ),
)
/** Ranges of plain arrays, as the caller would measure them. */
async function parametersOf(values: Float32Array, shape: readonly number[], type: IntegerType, by: Granularity) {
  const layout = scaleLayoutOf(shape, by)
  const range = { min: new Float32Array(layout.channels), max: new Float32Array(layout.channels) }
  const whole = chooseParameters(type, layout, range)
  for (const [i, channel] of (await channelOfEach(whole, values.length)).entries()) {
    const x = values[i] as number
    range.min[channel] = Math.min(range.min[channel] as number, x)
    range.max[channel] = Math.max(range.max[channel] as number, x)
  }
  return chooseParameters(type, layout, range)
}

/** Index of the scale of each element: what dequantizing ones with those indices as scales gives. */
async function channelOfEach({ layout }: Parameters, count: number): Promise<number[]> {
  const { channels } = layout
  const parameters: Parameters = {
    ...{ type: { bits: 8, isSigned: true, scheme: 'symmetric' }, layout, dtype: 'int8' },
    ...{ scale: new Float32Array(channels).map((_, c) => c), reciprocal: new Float32Array(channels) },
    zeroPoint: new Int32Array(channels),
  }
  return [...(await dequantize(referenceBackend, new Uint8Array(count).fill(1), parameters))]
}

const SHAPE = [5, 7, 6]
const GRANULARITIES: readonly Granularity[] = [
  { kind: 'tensor' },
  { kind: 'channel', axis: 0 },
  { kind: 'channel', axis: 2 },
  { kind: 'group', axis: 2, size: 3 },
  { kind: 'group', axis: 2, size: 4 },
  { kind: 'group', axis: 1, size: 2 },
  { kind: 'block', sizes: [2, 7, 4] },
]

/** Values of one magnitude with an outlier, zeros of both signs, an all-zero run and denormals. */
const arrays = fc
  .record({
    exponent: fc.integer({ min: -126, max: 100 }),
    mantissas: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 210, maxLength: 210 }),
    zeros: fc.tuple(fc.nat(209), fc.nat(60)),
    outlier: fc.nat(209),
    special: fc.array(fc.tuple(fc.nat(209), fc.constantFrom(0, -0, 1e-45, -1e-45, 1e-38)), { maxLength: 5 }),
    shift: fc.constantFrom(-1, 0, 0, 1),
  })
  .map(({ exponent, mantissas, zeros, outlier, special, shift }) => {
    const values = Float32Array.from(mantissas, (m) => (m + shift) * 2 ** exponent)
    values.fill(0, zeros[0], zeros[0] + zeros[1])
    values[outlier] = (values[outlier] as number) * 40
    for (const [i, x] of special) values[i] = x
    return values
  })

function integersOf(bytes: Uint8Array<ArrayBuffer>, { type }: Parameters): number[] {
  const { bits, isSigned } = type
  if (bits > 8) return [...(isSigned ? new Int16Array(bytes.buffer) : new Uint16Array(bytes.buffer))]
  return [...(isSigned ? new Int8Array(bytes.buffer) : bytes)]
}

async function checkRules(values: Float32Array, parameters: Parameters): Promise<void> {
  const { type, scale, zeroPoint, reciprocal } = parameters
  const { low, high } = limitsOf(type)
  const channel = await channelOfEach(parameters, values.length)
  const integers = integersOf(await quantizeAt(referenceBackend, values, 0, parameters), parameters)
  const bytes = await quantize(referenceBackend, values, parameters)
  expect([...bytes]).toEqual([...integerBytes(parameters.dtype, integers)])
  const back = await dequantize(referenceBackend, bytes, parameters)
  for (const [i, x] of values.entries()) {
    const c = channel[i] as number
    const [q, s] = [integers[i] as number, scale[c] as number]
    const steps = Math.abs(q - (zeroPoint[c] as number))
    if (q < low || q > high) throw new Error(`${q} lies outside of ${low} … ${high}`)
    // A product of float32 errs by 2⁻²³ of itself, and so does a reciprocal
    const bound = s * (0.5 + (steps + 1) * 2 ** -22)
    const isZero = reciprocal[c] === 0
    if (!isZero && !(Math.abs(x - (back[i] as number)) <= bound)) {
      throw new Error(`element ${i}: ${x} became ${back[i]}, scale ${s}, integer ${q}`)
    }
    if ((x === 0 || isZero) && back[i] !== 0) throw new Error(`zero became ${back[i]}`)
  }
  const again = await quantize(referenceBackend, back, parameters)
  expect(again).toEqual(bytes)
  expect(await fakeQuantize(referenceBackend, values, parameters)).toEqual(back)
}

const bits = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer)

async function checkSame(backend: Backend, values: Float32Array, parameters: Parameters): Promise<void> {
  const bytes = await quantize(referenceBackend, values, parameters)
  expect(await quantize(backend, values, parameters)).toEqual(bytes)
  const back = bits(await dequantize(referenceBackend, bytes, parameters))
  expect(bits(await dequantize(backend, bytes, parameters))).toEqual(back)
  expect(bits(await fakeQuantize(backend, values, parameters))).toEqual(back)
}

describe(`every kind of integer (FUZZ_SEED=${SEED})`, () => {
  it('keeps zero exact, errs by half a step at most, stays within its limits and is idempotent', async () => {
    const property = fc.asyncProperty(
      arrays,
      fc.constantFrom(...TYPES),
      fc.constantFrom(...GRANULARITIES),
      async (values, type, by) => checkRules(values, await parametersOf(values, SHAPE, type, by)),
    )
    await fc.assert(property, { seed: SEED, numRuns: 200 })
  })

  it('is the same on every backend', async () => {
    // One array and each type, so that none is left to chance; a sixth of them on the GPU, which in software takes
    // milliseconds for every call
    const [values] = fc.sample(arrays, { seed: SEED, numRuns: 1 }) as [Float32Array]
    for (const [i, type] of TYPES.entries()) {
      const parameters = await parametersOf(values, SHAPE, type, GRANULARITIES[i % 4] as Granularity)
      await checkSame(wasm, values, parameters)
      if (i % 6 === SEED % 6) await checkSame(webgpu, values, parameters)
    }
    const property = fc.asyncProperty(
      arrays,
      fc.constantFrom(...TYPES),
      fc.constantFrom(...GRANULARITIES),
      async (one, type, by) => checkSame(wasm, one, await parametersOf(one, SHAPE, type, by)),
    )
    await fc.assert(property, { seed: SEED, numRuns: 200 })
  })
})

describe('arrays, by hand', () => {
  it('clamps what a clipped range leaves outside', async () => {
    const type = { bits: 8, isSigned: true, scheme: 'symmetric' } as const
    const parameters = chooseParameters(type, { outer: 1, channels: 1, inner: 4 }, { min: [-1.27], max: [1] })
    const values = new Float32Array([-9, 0.5, 9, -1.28])
    for (const backend of [referenceBackend, wasm, webgpu]) {
      // -128 is none of the integers of a symmetric scheme
      expect([...new Int8Array((await quantize(backend, values, parameters)).buffer)]).toEqual([-127, 50, 127, -127])
    }
  })

  it('packs 4 bits low nibble first, negative ones too, and unpacks them', async () => {
    const layout = scaleLayoutOf([5], { kind: 'group', axis: 0, size: 4 })
    const type = { bits: 4, isSigned: true, scheme: 'symmetric' } as const
    const parameters = chooseParameters(type, layout, { min: [-7, -14], max: [0, 0] })
    const values = new Float32Array([-7, 3, -1, 2, -14])
    const bytes = await quantize(referenceBackend, values, parameters)
    expect([...bytes]).toEqual([0x39, 0x2f, 0x09])
    expect([...(await dequantize(referenceBackend, bytes, parameters))]).toEqual([-7, 3, -1, 2, -14])
    await expect(dequantize(referenceBackend, new Uint8Array(5), parameters)).rejects.toThrow('5 bytes for 5 elements')
  })
})
