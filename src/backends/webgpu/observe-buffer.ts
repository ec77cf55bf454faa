import { rangeOfWords, type Observation, type ObservedRange, type Observer } from '../observe'
import { Health } from './health'
import { rangeJobs, shareOf } from './quantize-jobs'
import { FLOATS, INTEGERS, QuantizeRunner, WORDS, type Binding } from './quantize-runner'

/** A device is somebody else's, e.g. a runtime's: what is made for it goes when it goes. */
const RUNNERS = new WeakMap<GPUDevice, QuantizeRunner>()

export interface ObserveOptions {
  /** The device computes on the processor. */
  readonly isSoftware?: boolean
  /** Elements of one binding, a multiple of 64; default: as many as the device can bind. */
  readonly mostElements?: number
}

/**
 * What an observer finds of float32 values in a GPU buffer: only that leaves the device. The numbers are those that the host
 * would find.
 * @param buffer of usage STORAGE; only read, and still the caller's. What writes it must have been submitted before
 * @param count elements, from the start of the buffer
 * @throws DeviceError when the device is lost
 */
export function observeBuffer(
  device: GPUDevice,
  buffer: GPUBuffer,
  count: number,
  observer: Observer,
  { isSoftware = false, mostElements = mostOf(device) }: ObserveOptions = {},
): Promise<Observation> {
  const runner = RUNNERS.get(device) ?? new QuantizeRunner(device, new Health(device))
  RUNNERS.set(device, runner)
  const pieces = Array.from({ length: Math.ceil(count / mostElements) }, (_, i): Piece => {
    const elements = Math.min(mostElements, count - i * mostElements)
    const range = { offset: 4 * i * mostElements, size: 4 * elements }
    return {
      x: { name: 'x', layout: FLOATS, buffer, range },
      share: shareOf({ outer: 1, channels: 1, inner: elements }, isSoftware),
      start: i * mostElements,
    }
  })
  return runner.inTurn(async () =>
    observer.type === 'range'
      ? { range: await rangeOf(runner, pieces) }
      : { counts: await countsOf(runner, pieces, observer) },
  )
}

interface Piece {
  readonly x: Binding
  readonly share: ReturnType<typeof shareOf>
  /** Index of its first element. */
  readonly start: number
}

/** Offsets of bindings are multiples of 256 bytes. */
const mostOf = ({ limits }: GPUDevice): number => Math.floor(limits.maxStorageBufferBindingSize / 256) * 64

async function rangeOf(runner: QuantizeRunner, pieces: readonly Piece[]): Promise<ObservedRange> {
  let found: ObservedRange = { min: Infinity, max: -Infinity, firstNonFinite: -1 }
  for (const { x, share, start } of pieces) {
    const { jobs, ranges } = await rangeJobs(runner, x, 0, share)
    const bytes = await runner.run({ jobs, read: { buffer: ranges, bytes: 12 } })
    const { min, max, firstNonFinite: first } = rangeOfWords(new Uint32Array(bytes.buffer))
    found = {
      min: Math.min(found.min, min),
      max: Math.max(found.max, max),
      firstNonFinite: found.firstNonFinite < 0 && first >= 0 ? start + first : found.firstNonFinite,
    }
  }
  return found
}

async function countsOf(
  runner: QuantizeRunner,
  pieces: readonly Piece[],
  { bins, at }: Extract<Observer, { type: 'histogram' }>,
): Promise<Uint32Array> {
  const counts = await runner.buffer('counts', 4 * bins)
  const reciprocal = await runner.upload('reciprocal', Float32Array.of(at.reciprocal))
  const first = await runner.upload('first', Int32Array.of(at.first))
  const tables: Binding[] = [
    { name: 'reciprocal', layout: FLOATS, buffer: reciprocal },
    { name: 'first', layout: INTEGERS, buffer: first },
    { name: 'counts', layout: WORDS, buffer: counts, isAtomic: true },
  ]
  await runner.run({ jobs: [], clear: counts })
  for (const { x, share } of pieces) {
    const sizes = { ...share.sizes, start: 0, channel: 0, bins }
    await runner.run({
      jobs: [{ shader: 'histogram', storage: [x, ...tables], sizes, invocations: share.invocations }],
    })
  }
  const bytes = await runner.run({ jobs: [], read: { buffer: counts, bytes: 4 * bins } })
  return new Uint32Array(bytes.buffer)
}
