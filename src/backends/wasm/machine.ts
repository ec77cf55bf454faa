/** The WASM machine: programs run as command lists in the linear memory of one module per session (R5, R6). */
import type { Bytes } from '../../core/bytes'
import { elementCount } from '../../core/dtypes'
import { assert, DeviceError } from '../../core/errors'
import { arrayOver, slotBytes, type HostArray } from '../../core/host-array'
import type { Operand } from '../kernel-calls'
import type { Constant, LoadedProgram, Machine, MachineSession, Program, State } from '../machine'
import { supports } from './encode'
import { compileEngine, instantiateEngine, MOST_PAGES, PAGE_BYTES, type EngineModule } from './engine-module'
import { Heap } from './heap'
import { copied, fillView, WasmProgram } from './loaded-program'
import { encodeProgram } from './program'

/** Addresses below are the module's own. */
const BASE = 4096
/** Of operands: a cache line. */
const ALIGNMENT = 64
/** Kernels may read this far beyond the last operand. */
const SLACK_BYTES = 64

export interface WasmMachineOptions {
  /** Beyond which a session's memory never grows; default and most: 4 GiB. */
  readonly maximumBytes?: number
}

/**
 * @param bytes the module built from assembly/engine.ts (see `chooseEngine`)
 * @throws DeviceError where the platform has no WASM SIMD
 */
export async function createWasmMachine(bytes: Bytes, options: WasmMachineOptions = {}): Promise<Machine> {
  const module = await compileEngine(bytes)
  const pages = Math.min(MOST_PAGES, Math.floor((options.maximumBytes ?? Infinity) / PAGE_BYTES))
  return {
    name: 'wasm',
    placeAlignment: ALIGNMENT,
    bytesPerElement: slotBytes,
    supports,
    open: async () => new WasmSession(await instantiateEngine(module, pages)),
  }
}

const bytesOf = ({ dtype, shape }: Pick<Operand, 'dtype' | 'shape'>): number =>
  elementCount(shape) * (slotBytes(dtype) ?? 0)

export class WasmSession implements MachineSession {
  /** Undefined once it is disposed: dropping the instance frees its memory. */
  #engine: EngineModule | undefined
  readonly #heap = new Heap(BASE, ALIGNMENT)
  readonly #constants = new Map<Constant, number>()
  readonly #states = new Map<State, number>()
  /** One for all programs: nothing in it outlives a run. It may move when a larger program comes. */
  #arena = { address: BASE, bytes: 0 }
  #scratch = { address: BASE, bytes: 0 }

  constructor(engine: EngineModule) {
    this.#engine = engine
  }

  get memoryBytes(): number {
    return this.#engine ? this.#heap.takenBytes : 0
  }

  get arenaAddress(): number {
    return this.#arena.address
  }

  get scratchAddress(): number {
    return this.#scratch.address
  }

  get engine(): EngineModule {
    assert(this.#engine, 'a session was used after it was disposed')
    return this.#engine
  }

  /** A view that is valid until memory grows. */
  view({ dtype, shape }: Pick<Operand, 'dtype' | 'shape'>, address: number): HostArray {
    return arrayOver(dtype, shape, this.engine.memory.buffer, address)
  }

  async load(program: Program): Promise<LoadedProgram> {
    const fresh = freshConstants(program, this.#constants)
    const undo: (() => void)[] = []
    try {
      const before = this.#heap.takenBytes
      for (const constant of fresh) {
        const bytes = bytesOf(constant.array)
        const address = this.#heap.allocate(bytes)
        this.#constants.set(constant, address)
        undo.push(() => {
          this.#constants.delete(constant)
          this.#heap.free(address, bytes)
        })
      }
      this.#enlarge('#arena', program.arenaBytes, undo)
      const encoded = encodeProgram(program, this.addresses(program))
      this.#enlarge('#scratch', encoded.scratchBytes, undo)
      const at = this.#heap.allocate(encoded.words.byteLength)
      undo.push(() => this.#heap.free(at, encoded.words.byteLength))
      this.#grow(this.#heap.takenBytes - before)
      for (const constant of fresh) fillView(this.view(constant.array, this.#constants.get(constant)!), constant.array)
      return new WasmProgram(this, program, encoded, at)
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    }
  }

  /** Where the operands of a program lie now. */
  addresses({ places }: Program): (operand: Operand) => number {
    return (operand) => {
      const place = places.get(operand)
      assert(place, `operand ${operand.id} has no place`)
      if (place.in === 'arena') return this.#arena.address + place.offset
      if (place.in === 'state') return this.#stateAddress(place.state)
      const address = this.#constants.get(place.constant)
      assert(address !== undefined, `the constant of operand ${operand.id} was not uploaded`)
      return address
    }
  }

  async write(states: ReadonlyMap<State, HostArray>): Promise<void> {
    const fresh = [...states.keys()].filter((state) => !this.#states.has(state))
    const before = this.#heap.takenBytes
    for (const state of fresh) this.#states.set(state, this.#heap.allocate(bytesOf(state)))
    try {
      this.#grow(this.#heap.takenBytes - before)
    } catch (error) {
      for (const state of fresh) {
        this.#heap.free(this.#stateAddress(state), bytesOf(state))
        this.#states.delete(state)
      }
      throw error
    }
    for (const [state, array] of states) fillView(this.view(state, this.#stateAddress(state)), array)
  }

  async read(states: readonly State[]): Promise<HostArray[]> {
    return states.map((state) => copied(this.view(state, this.#stateAddress(state))))
  }

  #stateAddress(state: State): number {
    const address = this.#states.get(state)
    assert(address !== undefined, 'a state was never written')
    return address
  }

  free(address: number, bytes: number): void {
    if (this.#engine) this.#heap.free(address, bytes)
  }

  release(constants: readonly Constant[]): void {
    for (const constant of constants) {
      const address = this.#constants.get(constant)
      if (address === undefined) continue
      this.#constants.delete(constant)
      this.free(address, bytesOf(constant.array))
    }
  }

  dispose(): void {
    this.#engine = undefined
    this.#constants.clear()
    this.#states.clear()
  }

  #enlarge(which: '#arena' | '#scratch', bytes: number, undo: (() => void)[]): void {
    const old = which === '#arena' ? this.#arena : this.#scratch
    if (bytes <= old.bytes) return
    this.#heap.free(old.address, old.bytes)
    const made = { address: this.#heap.allocate(bytes), bytes }
    const set = (area: typeof made) => {
      if (which === '#arena') this.#arena = area
      else this.#scratch = area
    }
    set(made)
    undo.push(() => {
      this.#heap.free(made.address, bytes)
      // what is smaller and was there a moment ago finds room at the latest where it was
      set({ address: this.#heap.allocate(old.bytes), bytes: old.bytes })
    })
  }

  /** Grows memory up to what the heap has given away. */
  #grow(askedBytes: number): void {
    const { memory, maximumPages } = this.engine
    const end = this.#heap.end + SLACK_BYTES
    const pages = Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES)
    if (pages <= 0) return
    try {
      memory.grow(pages)
    } catch {
      throw new DeviceError(
        `The engine asked for ${askedBytes} more bytes of WASM memory, ${end} in all, and did not get them; its limit is ` +
          `${maximumPages * PAGE_BYTES}. Close other tabs or programs, or use a smaller batch.`,
      )
    }
  }
}

function freshConstants({ places }: Program, known: ReadonlyMap<Constant, number>): ReadonlySet<Constant> {
  const fresh = new Set<Constant>()
  for (const place of places.values()) {
    if (place.in === 'constant' && !known.has(place.constant)) fresh.add(place.constant)
  }
  return fresh
}
