import type {
  Backend,
  ChannelLayout,
  DequantizeParameters,
  FakeQuantizeParameters,
  HistogramParameters,
  KernelInteger,
  Limits,
  MinMax,
  QuantizeParameters,
} from '../backend'
import { checkDequantize, checkHistogram, checkLayout, checkQuantize, INTEGER_LIMITS, widthOf } from '../layout'
import { referenceBackend } from '../reference/reference'
import { segments } from '../segments'
import type { Gpu } from './device'
import type { Size } from './dispatch'
import { Health } from './health'
import { checkRounding } from './quantize-check'
import { rangesOf, rangeJobs, shareOf } from './quantize-jobs'
import { FLOATS, INTEGERS, QuantizeRunner, WORDS, type Binding } from './quantize-runner'

/** Elements on the device at once, 16 MiB of float32: below every limit of a binding. */
const CHUNK_ELEMENTS = 1 << 22

/** Scales whose products with differences of 9 and 17 bits are normal float32: others are left to the host. */
const SMALLEST_SCALE = 2 ** -126
const LARGEST_SCALE = { 1: 2 ** 118, 2: 2 ** 110 } as const

/**
 * The quantizing backend on a GPU. Its device memory holds one chunk, its results and the parameters of one tensor. Calls
 * may overlap: they take turns.
 * @param chunkElements on the device at once; a multiple of 64, so that packed chunks are whole words
 * @throws DeviceError where the GPU does not round as IEEE 754 does, or a shader does not compile
 */
export async function createWebgpuBackend(
  gpu: Pick<Gpu, 'device' | 'facts'>,
  chunkElements = CHUNK_ELEMENTS,
): Promise<Backend> {
  const backend = new WebgpuBackend(gpu, chunkElements)
  await checkRounding(backend)
  return backend
}

/** Shaders that write vectors of float32. */
const VECTOR_RESULTS = new Set(['dequantize', 'dequantize-wide', 'fake-quantize'])

interface Parameters {
  readonly layout: ChannelLayout
  readonly zeroPoint: Int32Array
  readonly dtype: KernelInteger
  readonly limits?: Limits | undefined
}

class WebgpuBackend implements Backend {
  readonly name = 'webgpu'
  readonly #runner: QuantizeRunner
  readonly #isSoftware: boolean

  readonly #chunkElements: number

  constructor({ device, facts }: Pick<Gpu, 'device' | 'facts'>, chunkElements: number) {
    this.#chunkElements = chunkElements
    this.#runner = new QuantizeRunner(device, new Health(device))
    this.#isSoftware = facts.isSoftware
  }

  async minMax(values: Float32Array, layout: ChannelLayout): Promise<MinMax> {
    checkLayout(values.length, layout)
    const runner = this.#runner
    const min = new Float32Array(layout.channels).fill(Infinity)
    const max = new Float32Array(layout.channels).fill(-Infinity)
    return runner.inTurn(async () => {
      for (const [from, to] of this.#chunks(values.length)) {
        const x: Binding = { name: 'x', layout: FLOATS, buffer: await runner.upload('x', values.subarray(from, to)) }
        for (const segment of segments(layout, from, to - from)) {
          const share = shareOf(segment.layout, this.#isSoftware)
          const { jobs, ranges } = await rangeJobs(runner, x, segment.start - from, share)
          const { channels } = segment.layout
          const found = rangesOf(await runner.run({ jobs, read: { buffer: ranges, bytes: 12 * channels } }))
          if (found.first >= 0) return { min, max, firstNonFinite: from + found.first }
          for (let c = 0; c < channels; c++) {
            const channel = segment.channel + c
            min[channel] = Math.min(min[channel] as number, found.min[c] as number)
            max[channel] = Math.max(max[channel] as number, found.max[c] as number)
          }
        }
      }
      if (values.length === 0) return { min: min.fill(0), max: max.fill(0), firstNonFinite: -1 }
      return { min, max, firstNonFinite: -1 }
    })
  }

  async quantize(values: Float32Array, parameters: QuantizeParameters): Promise<Uint8Array<ArrayBuffer>> {
    checkQuantize(values.length, parameters)
    if (!parameters.reciprocal.every(isReciprocal)) return referenceBackend.quantize(values, parameters)
    return this.#runner.inTurn(async () => {
      const width = widthOf(parameters.dtype)
      const result = new Uint8Array(values.length * width)
      const shader = width === 1 ? 'quantize' : 'quantize-wide'
      const storage = await this.#parameters(parameters, { reciprocal: parameters.reciprocal })
      for (const [from, to] of this.#chunks(values.length)) {
        const x = await this.#vectors(values.subarray(from, to))
        const invocations = Math.ceil((to - from) / 4)
        const work = { storage: [x, ...storage], invocations, bytesOut: 4 * width * invocations }
        const bytes = await this.#each(shader, work, sizesOf(parameters, from, to))
        result.set(bytes.subarray(0, (to - from) * width), from * width)
      }
      return result
    })
  }

  async dequantize(quantized: Uint8Array, parameters: DequantizeParameters): Promise<Float32Array<ArrayBuffer>> {
    checkDequantize(quantized.length, parameters)
    if (!areScales(parameters)) return referenceBackend.dequantize(quantized, parameters)
    return this.#runner.inTurn(async () => {
      const width = widthOf(parameters.dtype)
      const result = new Float32Array(quantized.length / width)
      const shader = width === 1 ? 'dequantize' : 'dequantize-wide'
      const storage = await this.#parameters(parameters, { scale: parameters.scale })
      for (const [from, to] of this.#chunks(result.length)) {
        const part = quantized.subarray(from * width, to * width)
        const q = { name: 'q', layout: WORDS, buffer: await this.#runner.upload('x', part, 4 * width) }
        const work = { storage: [q, ...storage], invocations: Math.ceil((to - from) / 4), bytesOut: 4 * (to - from) }
        const bytes = await this.#each(shader, work, sizesOf(parameters, from, to))
        result.set(new Float32Array(bytes.buffer), from)
      }
      return result
    })
  }

  async fakeQuantize(values: Float32Array, parameters: FakeQuantizeParameters): Promise<Float32Array<ArrayBuffer>> {
    checkQuantize(values.length, parameters)
    checkDequantize(values.length * widthOf(parameters.dtype), parameters)
    const { reciprocal, scale } = parameters
    if (!reciprocal.every(isReciprocal) || !areScales(parameters)) {
      return referenceBackend.fakeQuantize(values, parameters)
    }
    return this.#runner.inTurn(async () => {
      const result = new Float32Array(values.length)
      const storage = await this.#parameters(parameters, { reciprocal, scale })
      for (const [from, to] of this.#chunks(values.length)) {
        const x = await this.#vectors(values.subarray(from, to))
        const work = { storage: [x, ...storage], invocations: Math.ceil((to - from) / 4), bytesOut: 4 * (to - from) }
        const bytes = await this.#each('fake-quantize', work, sizesOf(parameters, from, to))
        result.set(new Float32Array(bytes.buffer), from)
      }
      return result
    })
  }

  async histogram(values: Float32Array, parameters: HistogramParameters): Promise<Uint32Array<ArrayBuffer>> {
    checkHistogram(values.length, parameters)
    const { layout, bins, reciprocal, first } = parameters
    if (!reciprocal.every(isReciprocal)) return referenceBackend.histogram(values, parameters)
    const runner = this.#runner
    return runner.inTurn(async () => {
      const bytes = 4 * layout.channels * bins
      const tables = [
        { name: 'reciprocal', layout: FLOATS, buffer: await runner.upload('reciprocal', reciprocal) },
        { name: 'first', layout: INTEGERS, buffer: await runner.upload('zero_point', first) },
      ]
      const counts = await runner.buffer('counts', bytes)
      const target = { name: 'counts', layout: WORDS, buffer: counts, isAtomic: true } as const
      await runner.run({ jobs: [], clear: counts })
      for (const [from, to] of this.#chunks(values.length)) {
        const x = { name: 'x', layout: FLOATS, buffer: await runner.upload('x', values.subarray(from, to)) }
        const jobs = [...segments(layout, from, to - from)].map((segment) => {
          const { invocations, sizes } = shareOf(segment.layout, this.#isSoftware)
          const places = { start: segment.start - from, channel: segment.channel, bins }
          return {
            ...{ shader: 'histogram', storage: [x, ...tables, target] },
            ...{ sizes: { ...sizes, ...places }, invocations },
          }
        })
        await runner.run({ jobs })
      }
      return new Uint32Array((await runner.run({ jobs: [], read: { buffer: counts, bytes } })).buffer)
    })
  }

  async pack(values: Uint8Array, bits: 2 | 4): Promise<Uint8Array<ArrayBuffer>> {
    const runner = this.#runner
    return runner.inTurn(async () => {
      const perByte = 8 / bits
      const result = new Uint8Array(Math.ceil(values.length / perByte))
      for (const [from, to] of this.#chunks(values.length)) {
        const words = Math.ceil(((to - from) * bits) / 32)
        const x = { name: 'x', layout: WORDS, buffer: await runner.upload('x', values.subarray(from, to), 64) }
        const work = { storage: [x], invocations: words, bytesOut: 4 * words }
        const bytes = await this.#each('pack', work, { words, bits })
        result.set(bytes.subarray(0, Math.ceil((to - from) / perByte)), from / perByte)
      }
      return result
    })
  }

  *#chunks(count: number): Generator<readonly [number, number]> {
    const size = this.#chunkElements
    for (let from = 0; from < count; from += size) yield [from, Math.min(count, from + size)]
  }

  /** Runs a shader over one chunk, and reads `y`: words of bytes, or vectors of float32. */
  async #each(
    shader: string,
    { storage, invocations, bytesOut }: { storage: readonly Binding[]; invocations: number; bytesOut: number },
    sizes: Readonly<Record<string, Size>>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const buffer = await this.#runner.buffer('y', bytesOut)
    const y: Binding = VECTOR_RESULTS.has(shader)
      ? { name: 'y', layout: FLOATS, vector: 4, buffer }
      : { name: 'y', layout: WORDS, buffer }
    const job = { shader, storage: [...storage, y], sizes, invocations }
    return this.#runner.run({ jobs: [job], read: { buffer, bytes: bytesOut } })
  }

  async #vectors(values: Float32Array): Promise<Binding> {
    return { name: 'x', layout: FLOATS, vector: 4, buffer: await this.#runner.upload('x', values, 16) }
  }

  async #parameters(
    { zeroPoint }: Parameters,
    { reciprocal, scale }: { reciprocal?: Float32Array; scale?: Float32Array },
  ): Promise<readonly Binding[]> {
    const upload = (name: string, values: Float32Array | Int32Array) => this.#runner.upload(name, values)
    return [
      ...(reciprocal ? [{ name: 'reciprocal', layout: WORDS, buffer: await upload('reciprocal', reciprocal) }] : []),
      ...(scale ? [{ name: 'scale', layout: FLOATS, buffer: await upload('scale', scale) }] : []),
      { name: 'zero_point', layout: INTEGERS, buffer: await upload('zero_point', zeroPoint) },
    ]
  }
}

/** Sizes of the shaders that treat each element alone: where a chunk starts among the channels. */
function sizesOf({ layout, dtype, limits }: Parameters, from: number, to: number): Readonly<Record<string, Size>> {
  const { channels, inner } = layout
  const { low, high } = limits ?? INTEGER_LIMITS[dtype]
  const sizes = { elements: to - from, phase: from % (channels * inner), inner, channels }
  return { ...sizes, low: { i32: low }, high: { i32: high }, is_signed: dtype.startsWith('int') ? 1 : 0 }
}

const isReciprocal = (reciprocal: number): boolean => reciprocal >= 0 && reciprocal < Infinity

function areScales({ scale, dtype }: Pick<DequantizeParameters, 'scale' | 'dtype'>): boolean {
  const largest = LARGEST_SCALE[widthOf(dtype)]
  return scale.every((one) => one >= SMALLEST_SCALE && one < largest)
}
