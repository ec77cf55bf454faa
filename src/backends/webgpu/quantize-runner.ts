/** Shaders over arrays of the host: uploads, dispatches of one submit, what they give. */
import type { DeviceLayout } from '../../core/device-layout'
import { Buffers } from './buffers'
import type { Size } from './dispatch'
import type { Health } from './health'
import { Pipelines } from './pipelines'
import { assemble, gridOf, packSizes, sizesOf } from './shader'
import { MAP_READ, USAGE } from './usage'

export const FLOATS: DeviceLayout = { scalar: 'f32', bits: 32 }
export const INTEGERS: DeviceLayout = { scalar: 'i32', bits: 32 }
export const WORDS: DeviceLayout = { scalar: 'u32', bits: 32 }

export interface Binding {
  readonly name: string
  readonly layout: DeviceLayout
  readonly buffer: GPUBuffer
  readonly isAtomic?: true
  /** Whole vectors of four float32; an upload is then padded to 16 bytes. */
  readonly vector?: 4
  /** Bytes of the buffer that are bound; default: all. */
  readonly range?: { readonly offset: number; readonly size: number }
}

/** One dispatch. */
export interface Job {
  readonly shader: string
  readonly storage: readonly Binding[]
  readonly sizes: Readonly<Record<string, Size>>
  readonly invocations: number
}

export interface Work {
  readonly jobs: readonly Job[]
  /** Filled with zeros before the first job. */
  readonly clear?: GPUBuffer
  /** Read after the last one. */
  readonly read?: { readonly buffer: GPUBuffer; readonly bytes: number }
}

/** Bytes between the uniforms of two jobs of one submit. */
const UNIFORM_STEP = 256
const MOST_JOBS = 16
const STORAGE = USAGE.storage | USAGE.copySource | USAGE.copyTarget

/** Buffers are kept by role and grow by powers of two: after the first call of a size nothing is allocated. */
export class QuantizeRunner {
  readonly device: GPUDevice
  readonly #buffers: Buffers
  readonly #pipelines: Pipelines
  readonly #health: Health
  readonly #roles = new Map<string, GPUBuffer>()
  #last: Promise<unknown> = Promise.resolve()

  constructor(device: GPUDevice, health: Health) {
    this.device = device
    this.#buffers = new Buffers(device)
    this.#pipelines = new Pipelines(device)
    this.#health = health
  }

  /**
   * Calls share buffers, so each waits for those before it.
   * @throws DeviceError when the device is lost, whatever the work is waiting for
   */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(() => {
      this.#health.check()
      return Promise.race([work(), this.#health.lost])
    })
    this.#last = run.catch(() => undefined)
    return run
  }

  /** A buffer of at least so many bytes, the same for every call that names the role. */
  async buffer(role: string, bytes: number, usage = STORAGE): Promise<GPUBuffer> {
    const known = this.#roles.get(role)
    if (known && known.size >= bytes) return known
    if (known) this.#buffers.give(known)
    this.#roles.delete(role)
    const made = await this.#buffers.take(2 ** Math.ceil(Math.log2(Math.max(bytes, 4))), usage, role)
    this.#roles.set(role, made)
    return made
  }

  /** @param padTo bytes that the shader reads whole groups of; zeros behind the last */
  async upload(role: string, array: Float32Array | Int32Array | Uint8Array, padTo = 4): Promise<GPUBuffer> {
    const bytes = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength)
    const whole = Math.floor(bytes.length / padTo) * padTo
    const buffer = await this.buffer(role, whole + padTo)
    const { queue } = this.device
    queue.writeBuffer(buffer, 0, bytes, 0, whole)
    const tail = new Uint8Array(padTo)
    tail.set(bytes.subarray(whole))
    if (whole < bytes.length) queue.writeBuffer(buffer, whole, tail)
    return buffer
  }

  /** @returns the bytes that were read, in memory of their own; whole words */
  async run({ jobs, clear, read }: Work): Promise<Uint8Array<ArrayBuffer>> {
    const { device } = this
    const uniforms = await this.buffer('sizes', MOST_JOBS * UNIFORM_STEP, USAGE.uniform | USAGE.copyTarget)
    const ready = await Promise.all(jobs.map((job) => this.#ready(job)))
    const staging = read && (await this.buffer('results', read.bytes, USAGE.mapRead | USAGE.copyTarget))
    ready.forEach(({ sizes }, i) => device.queue.writeBuffer(uniforms, i * UNIFORM_STEP, sizes))
    const encoder = device.createCommandEncoder()
    if (clear) encoder.clearBuffer(clear)
    const pass = encoder.beginComputePass()
    ready.forEach(({ made, storage, grid }, i) => {
      const entries = [{ binding: 0, resource: { buffer: uniforms, size: UNIFORM_STEP } }]
      pass.setPipeline(made.pipeline)
      pass.setBindGroup(0, device.createBindGroup({ layout: made.storage, entries: storage }))
      pass.setBindGroup(1, device.createBindGroup({ layout: made.uniform, entries }), [i * UNIFORM_STEP])
      pass.dispatchWorkgroups(...grid)
    })
    pass.end()
    if (read && staging) encoder.copyBufferToBuffer(read.buffer, 0, staging, 0, wholeWords(read.bytes))
    device.queue.submit([encoder.finish()])
    const bytes = read && staging ? await this.#read(staging, wholeWords(read.bytes)) : new Uint8Array()
    this.#health.check()
    return bytes
  }

  dispose(): void {
    for (const buffer of this.#roles.values()) buffer.destroy()
    this.#roles.clear()
  }

  async #ready({ shader, storage, sizes, invocations }: Job) {
    const dispatch = { shader, storage: [], sizes, grid: { invocations } }
    const text = assemble(dispatch, storage)
    const limit = this.device.limits.maxComputeWorkgroupsPerDimension
    return {
      made: await this.#pipelines.get(shader, text, storage.length),
      sizes: packSizes(sizesOf(dispatch)),
      storage: storage.map(({ buffer, range }, binding) => ({ binding, resource: { buffer, ...range } })),
      grid: gridOf(invocations, limit),
    }
  }

  async #read(staging: GPUBuffer, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    await staging.mapAsync(MAP_READ, 0, bytes)
    const copy = new Uint8Array(staging.getMappedRange(0, bytes).slice(0))
    staging.unmap()
    return copy
  }
}

const wholeWords = (bytes: number): number => Math.ceil(bytes / 4) * 4
