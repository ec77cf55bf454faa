import { MAP_READ, USAGE } from './usage'

const NANOSECONDS_PER_MS = 1e6
/** The most that the specification lets one query set hold. */
const MOST_QUERIES = 4096

/** Times of the steps of one run, from timestamps around each (WebGPU specification, "Timestamp Query"). */
export class StepTimer {
  readonly #device: GPUDevice
  readonly #queries: GPUQuerySet
  readonly #resolved: GPUBuffer
  readonly #staging: GPUBuffer
  readonly #steps: number
  readonly #measured = new Set<number>()
  times: readonly number[] = []

  constructor(device: GPUDevice, steps: number) {
    this.#device = device
    this.#steps = Math.min(steps, MOST_QUERIES / 2)
    const size = 16 * this.#steps
    this.#queries = device.createQuerySet({ type: 'timestamp', count: 2 * this.#steps })
    this.#resolved = device.createBuffer({ size, usage: USAGE.queryResolve | USAGE.copySource })
    this.#staging = device.createBuffer({ size, usage: USAGE.mapRead | USAGE.copyTarget })
  }

  writesOf(step: number): GPUComputePassTimestampWrites | undefined {
    if (step >= this.#steps) return undefined
    this.#measured.add(step)
    return { querySet: this.#queries, beginningOfPassWriteIndex: 2 * step, endOfPassWriteIndex: 2 * step + 1 }
  }

  async read(): Promise<void> {
    const encoder = this.#device.createCommandEncoder()
    encoder.resolveQuerySet(this.#queries, 0, 2 * this.#steps, this.#resolved, 0)
    encoder.copyBufferToBuffer(this.#resolved, 0, this.#staging, 0, this.#staging.size)
    this.#device.queue.submit([encoder.finish()])
    await this.#staging.mapAsync(MAP_READ)
    const stamps = new BigUint64Array(this.#staging.getMappedRange().slice(0))
    this.#staging.unmap()
    this.times = Array.from({ length: this.#steps }, (_, step) =>
      this.#measured.has(step)
        ? Number((stamps[2 * step + 1] as bigint) - (stamps[2 * step] as bigint)) / NANOSECONDS_PER_MS
        : 0,
    )
  }

  dispose(): void {
    this.#queries.destroy()
    this.#resolved.destroy()
    this.#staging.destroy()
  }
}
