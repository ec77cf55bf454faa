import { beforeAll, describe, expect, it } from 'vitest'
import { createBackend } from '../../backends'
import type { Backend } from '../../backends/backend'
import { referenceBackend } from '../../backends/reference/reference'
import { UnsupportedError } from '../../core/errors'
import { Random } from '../../core/random'
import { f32, ramp } from '../../testing/build-model'
import { loadQuantizeWasm } from '../../testing/backends'
import { CHUNK_ELEMENTS } from '../../graph/float-data'
import type { LazyTensor } from '../../graph/model'
import { scaleLayoutOf, type Granularity } from './granularity'
import type { IntegerType } from './integers'
import { chooseParameters } from './parameters'
import { measureSqnrDb, quantizedData, rangeOf } from './tensors'
import { quantize as quantizeArray } from './verbs'
import { layoutOf } from '../../backends/segments'

const named = (tensor: Omit<LazyTensor, 'name'>) => ({ ...tensor, name: 'conv.weight' })

async function quantize(
  tensor: ReturnType<typeof f32>,
  axis: number | null,
  scheme: 'symmetric' | 'asymmetric' = 'symmetric',
  backend = referenceBackend,
) {
  const weight = named(tensor)
  const layout = layoutOf(weight.shape, axis)
  const parameters = chooseParameters(
    { bits: 8, isSigned: scheme === 'symmetric', scheme },
    layout,
    await rangeOf(backend, weight, layout),
  )
  const data = quantizedData(backend, weight, parameters)
  const bytes = await data.read(0, data.sizeBytes)
  return { parameters, data, bytes, sqnrDb: await measureSqnrDb(backend, weight, parameters) }
}

describe('quantizing a weight', () => {
  it('gives the integers and scales computed by hand', async () => {
    const { parameters, bytes } = await quantize(f32([2, 3], [1, -0.5, 0.25, -15.875, 0.0625, 0.1875]), 0)
    expect([...parameters.scale]).toEqual([Math.fround(1 / 127), 1 / 8])
    // ties go to even: 63.5 to 64, 0.5 to 0, 1.5 to 2
    expect([...new Int8Array(bytes.buffer)]).toEqual([127, -64, 32, -127, 0, 2])
  })

  it('keeps zeros exact, also with a zero point', async () => {
    const { parameters, bytes } = await quantize(f32([1, 4], [0, -1, 3, -0]), null, 'asymmetric')
    expect(parameters.dtype).toBe('uint8')
    expect([...parameters.scale]).toEqual([Math.fround(4 / 255)])
    expect([...parameters.zeroPoint]).toEqual([64])
    expect([...bytes]).toEqual([64, 0, 255, 64])
  })

  it('counts an all-zero channel and a denormal one as zero', async () => {
    const tiny = 126 * 2 ** -126
    const { parameters, bytes } = await quantize(f32([4, 2], [0, 0, tiny, -tiny, 127 * 2 ** -126, 0, 5, 1]), 0)
    expect([...parameters.scale]).toEqual([1, 1, 2 ** -126, Math.fround(5 / 127)])
    expect([...new Int8Array(bytes.buffer)]).toEqual([0, 0, 0, 0, 127, 0, 127, 25])
  })

  it('names tensor, position and element of a NaN, and what to do', async () => {
    const values = [1, 2, 3, 4, NaN, 6, 7, 8]
    const work = quantize(f32([2, 2, 2], values), 1)
    await expect(work).rejects.toThrow(UnsupportedError)
    await expect(work).rejects.toThrow(
      'Tensor "conv.weight" holds NaN at [1, 0, 0] (element 4). Weights must be finite to be quantized. ' +
        'Train or export the model again, or leave the tensor out with exclude=conv.weight.',
    )
    await expect(quantize(f32([3], [1, -Infinity, 2]), null)).rejects.toThrow('holds -Infinity at [1] (element 1)')
  })

  it('measures the noise as defined', async () => {
    const { sqnrDb, bytes, parameters } = await quantize(f32([3], [1, 0.3, -0.7]), null)
    const back = [...new Int8Array(bytes.buffer)].map((q) => Math.fround(q * (parameters.scale[0] as number)))
    const values = [1, 0.3, -0.7].map(Math.fround)
    const noise = values.reduce((sum, x, i) => sum + (x - (back[i] as number)) ** 2, 0)
    expect(sqnrDb).toBe(10 * Math.log10(values.reduce((sum, x) => sum + x * x, 0) / noise))
    expect((await quantize(f32([2], [127, -5]), null)).sqnrDb).toBeNull()
  })

  it('gives any piece of the bytes by itself', async () => {
    const { data, bytes } = await quantize(ramp([3, 5, 7]), 1)
    for (const [offset, length] of [
      [0, 1],
      [3, 50],
      [34, 71],
      [104, 1],
      [105, 0],
    ] as const) {
      expect([...(await data.read(offset, length))]).toEqual([...bytes.slice(offset, offset + length)])
    }
  })
})

describe('narrow and wide integers', () => {
  it.each<[IntegerType, Granularity]>([
    [
      { bits: 4, isSigned: false, scheme: 'asymmetric' },
      { kind: 'group', axis: 1, size: 4 },
    ],
    [
      { bits: 4, isSigned: true, scheme: 'symmetric' },
      { kind: 'channel', axis: 2 },
    ],
    [
      { bits: 16, isSigned: true, scheme: 'symmetric' },
      { kind: 'group', axis: 0, size: 2 },
    ],
    [{ bits: 12, isSigned: false, scheme: 'asymmetric' }, { kind: 'tensor' }],
  ])('give any piece by itself: %o, %o', async (type, granularity) => {
    const weight = named(ramp([3, 5, 7]))
    const layout = scaleLayoutOf(weight.shape, granularity)
    const parameters = chooseParameters(type, layout, await rangeOf(referenceBackend, weight, layout))
    const data = quantizedData(referenceBackend, weight, parameters)
    const values = new Float32Array((await weight.data.read(0, weight.data.sizeBytes)).slice().buffer)
    const whole = await quantizeArray(referenceBackend, values, parameters)
    expect(data.sizeBytes).toBe(type.bits > 8 ? 210 : 53)
    expect(await data.read(0, data.sizeBytes)).toEqual(whole)
    for (let offset = 0; offset <= whole.length; offset += 11) {
      for (let length = 0; offset + length <= whole.length; length += 7) {
        expect(await data.read(offset, length)).toEqual(whole.slice(offset, offset + length))
      }
    }
  })

  it('reads beyond one chunk, in pieces that do not begin at one', async () => {
    const count = CHUNK_ELEMENTS + 1001
    const values = new Float32Array(count).map((_, i) => (i % 31) - 9)
    const weight = named({ dtype: 'float32', shape: [count], data: tensorData(values) })
    const type = { bits: 4, isSigned: false, scheme: 'asymmetric' } as const
    const layout = scaleLayoutOf([count], { kind: 'group', axis: 0, size: 999 })
    const { backend } = await createBackend('wasm', loadQuantizeWasm)
    const parameters = chooseParameters(type, layout, await rangeOf(backend, weight, layout))
    const data = quantizedData(backend, weight, parameters)
    const whole = await quantizeArray(backend, values, parameters)
    expect(Buffer.from(await data.read(3, data.sizeBytes - 3)).equals(whole.subarray(3))).toBe(true)
  })

  it('names the element that is not finite in a block', async () => {
    const values = Array.from({ length: 30 }, (_, i) => (i === 23 ? NaN : i))
    const weight = named(f32([6, 5], values))
    const layout = scaleLayoutOf([6, 5], { kind: 'group', axis: 0, size: 4 })
    await expect(rangeOf(referenceBackend, weight, layout)).rejects.toThrow('holds NaN at [4, 3] (element 23)')
  })
})

const tensorData = (values: Float32Array<ArrayBuffer>) => ({
  sizeBytes: values.byteLength,
  read: async (offset: number, length: number) => new Uint8Array(values.buffer.slice(offset, offset + length)),
})

describe('the same bytes on every backend', () => {
  let wasm: Backend
  beforeAll(async () => {
    wasm = (await createBackend('wasm', loadQuantizeWasm)).backend
  })

  it.each([
    [[33, 7, 3, 3], 0],
    [[5, 129], 1],
    [[3, 5, 67], 1],
    [[1031], null],
  ] as const)('for shape %s along %s', async (shape, axis) => {
    const random = new Random(11)
    const count = shape.reduce((product: number, size) => product * size, 1)
    const values = Array.from({ length: count }, (_, i) => (i % 19 === 3 ? 0 : random.normal() * 10 ** (i % 5)))
    for (const scheme of ['symmetric', 'asymmetric'] as const) {
      const a = await quantize(f32(shape, values), axis, scheme)
      const b = await quantize(f32(shape, values), axis, scheme, wasm)
      expect(b.bytes).toEqual(a.bytes)
      expect(b.parameters).toEqual(a.parameters)
      expect(b.sqnrDb).toBe(a.sqnrDb)
    }
  })
})
