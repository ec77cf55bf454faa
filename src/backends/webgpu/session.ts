import { elementCount } from '../../core/dtypes'
import { assert } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import type { Constant, LoadedProgram, MachineSession, Program, State } from '../machine'
import { deviceBytes, fromDevice, toDevice } from './elements'
import { aligned, BINDING_ALIGNMENT, encodeProgram, type Range } from './encode'
import type { Shared } from './machine'
import { WebgpuProgram } from './program'
import { MAP_READ, USAGE } from './usage'

/** Steps that nobody waits for. */
const MOST_IN_FLIGHT = 8

const STORAGE = USAGE.storage | USAGE.copySource | USAGE.copyTarget

/** Memory of one model on the device. */
export class WebgpuSession implements MachineSession {
  readonly shared: Shared
  readonly #constants = new Map<Constant, GPUBuffer>()
  readonly #states = new Map<State, GPUBuffer>()
  /** Whose faults nobody looked at yet, and its work that may not be done. */
  #pending: WebgpuProgram | undefined
  readonly #inFlight: Promise<unknown>[] = []
  /** One for all programs: nothing in it outlives a run. */
  #arena: GPUBuffer | undefined
  /** Copies of what a dispatch could not bind where it lies. */
  #spare: GPUBuffer | undefined
  readonly fault: GPUBuffer
  /** Grows when a buffer is replaced: bind groups made before are stale. */
  generation = 0
  /** Ends when the last run has let go of everything; a caller that aborted left before that. */
  #last: Promise<unknown> = Promise.resolve()
  #isDisposed = false

  private constructor(shared: Shared, fault: GPUBuffer) {
    this.shared = shared
    this.fault = fault
  }

  static async open(shared: Shared): Promise<WebgpuSession> {
    const fault = await shared.buffers.take(BINDING_ALIGNMENT, STORAGE, 'faults')
    shared.device.queue.writeBuffer(fault, 0, new Uint8Array(BINDING_ALIGNMENT))
    return new WebgpuSession(shared, fault)
  }

  get memoryBytes(): number {
    const buffers = [...this.#constants.values(), ...this.#states.values(), this.#arena, this.#spare]
    return this.#isDisposed ? 0 : buffers.reduce((sum, buffer) => sum + (buffer?.size ?? 0), 0)
  }

  async load(program: Program): Promise<LoadedProgram> {
    assert(!this.#isDisposed, 'a session was used after it was disposed')
    const { facts, health } = this.shared
    health.check()
    const encoded = encodeProgram(program, facts)
    await this.#upload(program)
    this.#arena = await this.#enlarged(this.#arena, encoded.arenaBytes, 'what runs compute')
    this.#spare = await this.#enlarged(this.#spare, encoded.spareBytes, 'copies')
    const loaded = await WebgpuProgram.load(this, program, encoded)
    health.check()
    return loaded
  }

  /** After everything that was asked for before. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work)
    this.#last = run.then(
      () => undefined,
      () => undefined,
    )
    return run
  }

  async write(states: ReadonlyMap<State, HostArray>): Promise<void> {
    const { buffers, device } = this.shared
    const made = new Map<State, GPUBuffer>()
    try {
      for (const state of states.keys()) {
        if (this.#states.has(state)) continue
        const bytes = deviceBytes(state.dtype, elementCount(state.shape))
        made.set(state, await buffers.take(aligned(bytes), STORAGE, 'a state'))
      }
    } catch (error) {
      for (const buffer of made.values()) buffers.give(buffer)
      throw error
    }
    for (const [state, buffer] of made) this.#states.set(state, buffer)
    const words = [...states].map(([state, array]) => [this.#states.get(state)!, toDevice(array)] as const)
    await this.inTurn(async () => {
      for (const [buffer, bytes] of words) device.queue.writeBuffer(buffer, 0, bytes)
    })
  }

  read(states: readonly State[]): Promise<HostArray[]> {
    const { health } = this.shared
    const work = this.inTurn(async () => {
      health.check()
      await this.checkPending()
      return this.#read(states)
    })
    return health.endedBy(work, undefined)
  }

  async #read(states: readonly State[]): Promise<HostArray[]> {
    const { buffers, device } = this.shared
    let end = 0
    const parts = states.map((state) => {
      const bytes = deviceBytes(state.dtype, elementCount(state.shape))
      const at = end
      end = aligned(end + bytes)
      return { state, at, bytes }
    })
    const staging = await buffers.take(Math.max(end, BINDING_ALIGNMENT), USAGE.mapRead | USAGE.copyTarget, 'states')
    const encoder = device.createCommandEncoder()
    for (const { state, at, bytes } of parts) {
      encoder.copyBufferToBuffer(this.bufferOf({ in: state, offset: 0, bytes }, undefined), 0, staging, at, bytes)
    }
    device.queue.submit([encoder.finish()])
    await staging.mapAsync(MAP_READ, 0, end)
    const mapped = staging.getMappedRange(0, end)
    const arrays = parts.map(({ state: { dtype, shape }, at, bytes }) =>
      fromDevice(dtype, shape, new Uint8Array(mapped, at, bytes)),
    )
    staging.unmap()
    buffers.give(staging)
    return arrays
  }

  /**
   * Looks whether work that was handed over found a fault.
   * @param by who looks for his own himself
   */
  async checkPending(by?: WebgpuProgram): Promise<void> {
    const pending = this.#pending
    if (!pending || pending === by) return
    this.#pending = undefined
    await pending.checkFault()
  }

  /**
   * A step was submitted: a few may be under way, more would only fill the queue.
   * @param mayFail its program, where it may have found a fault
   */
  async handedOver(mayFail: WebgpuProgram | undefined): Promise<void> {
    this.#pending = mayFail ?? this.#pending
    this.#inFlight.push(this.shared.device.queue.onSubmittedWorkDone())
    if (this.#inFlight.length > MOST_IN_FLIGHT) await this.#inFlight.shift()
  }

  release(constants: readonly Constant[]): void {
    for (const constant of constants) {
      const buffer = this.#constants.get(constant)
      if (buffer) this.shared.buffers.give(buffer)
      this.#constants.delete(constant)
    }
  }

  dispose(): void {
    if (this.#isDisposed) return
    this.#isDisposed = true
    void this.inTurn(async () => {
      this.release([...this.#constants.keys()])
      for (const buffer of this.#states.values()) this.shared.buffers.give(buffer)
      this.#states.clear()
      for (const buffer of [this.#arena, this.#spare, this.fault]) if (buffer) this.shared.buffers.give(buffer)
    })
  }

  /** The buffer in which a range lies; `tables` are the program's own. */
  bufferOf(range: Range, tables: GPUBuffer | undefined): GPUBuffer {
    const buffer =
      range.in === 'arena'
        ? this.#arena
        : range.in === 'spare'
          ? this.#spare
          : range.in === 'tables'
            ? tables
            : 'array' in range.in
              ? this.#constants.get(range.in)
              : this.#states.get(range.in)
    assert(buffer, 'a range lies in a buffer that is not there')
    return buffer
  }

  async #upload({ places }: Program): Promise<void> {
    for (const place of places.values()) {
      if (place.in !== 'constant' || this.#constants.has(place.constant)) continue
      const { array } = place.constant
      const words = toDevice(array)
      const bytes = deviceBytes(array.dtype, elementCount(array.shape))
      const buffer = await this.shared.buffers.take(aligned(bytes), STORAGE, 'a weight')
      this.#constants.set(place.constant, buffer)
      this.shared.device.queue.writeBuffer(buffer, 0, words)
    }
  }

  async #enlarged(buffer: GPUBuffer | undefined, bytes: number, what: string): Promise<GPUBuffer | undefined> {
    if (bytes === 0 || (buffer && buffer.size >= bytes)) return buffer
    const made = await this.shared.buffers.take(bytes, STORAGE, what)
    if (buffer) this.shared.buffers.give(buffer)
    this.generation++
    return made
  }
}
