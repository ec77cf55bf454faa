/** The WASM machine: programs run as command lists in the linear memory of one module per session (R5, R6). */
import type { Bytes } from '../../core/bytes'
import { elementCount } from '../../core/dtypes'
import { assert, DeviceError, throwIfAborted } from '../../core/errors'
import { arrayOver, slotBytes, type HostArray } from '../../core/host-array'
import { Turns } from '../../core/turns'
import type { KernelCall, Operand } from '../kernel-calls'
import {
  type Constant,
  type HostStep,
  type LoadedProgram,
  type Machine,
  type MachineSession,
  type Program,
  type RunOptions,
  type State,
} from '../machine'
import { supports } from './encode'
import { compileEngine, instantiateEngine, MOST_PAGES, PAGE_BYTES, type EngineModule } from './engine-module'
import { Heap } from './heap'
import { encodeProgram, type EncodedProgram } from './program'

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

class WasmSession implements MachineSession {
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

/** Copies an array into a place of the same type and size. */
function fillView(place: HostArray, { dtype, values }: HostArray): void {
  const fits = dtype === place.dtype && values.length === place.values.length
  if (!fits || values.BYTES_PER_ELEMENT !== place.values.BYTES_PER_ELEMENT) {
    // the sentence is only made where somebody reads it: this runs for every input of every step
    const found = `an array of ${dtype} with ${values.length} elements`
    assert(false, `${found} does not fit a place of ${place.dtype} with ${place.values.length}`)
  }
  ;(place.values as Float32Array).set(values as Float32Array)
}

const copied = ({ dtype, shape, values }: HostArray): HostArray => ({ dtype, shape, values: values.slice() })

class WasmProgram implements LoadedProgram {
  readonly #session: WasmSession
  readonly #program: Program
  readonly #address: number
  #encoded: EncodedProgram
  /** Where the arena was when the commands were written. */
  #arenaAddress = -1
  /** Of the inputs, on the memory `#viewed`. */
  #views: readonly HostArray[] = []
  #viewed: ArrayBuffer | undefined
  #isDisposed = false

  constructor(session: WasmSession, program: Program, encoded: EncodedProgram, address: number) {
    this.#session = session
    this.#program = program
    this.#encoded = encoded
    this.#address = address
    this.#write()
  }

  async run(inputs: readonly HostArray[], { signal, onCost }: RunOptions = {}): Promise<HostArray[]> {
    throwIfAborted(signal)
    const session = this.#session
    this.#fill(inputs)
    const addressOf = session.addresses(this.#program)
    const viewOf = (operand: Operand) => session.view(operand, addressOf(operand))
    const turns = new Turns(signal)
    let done = 0
    for (const group of this.#encoded.groups) {
      if (turns.isDue && !group.isFinal) await turns.take()
      if (group.type === 'host') await runHostStep(group.step, viewOf)
      else this.#runCommands(group.first, group.count)
      done += group.cost
      onCost?.(done)
    }
    return this.#program.outputs.map((operand) => copied(viewOf(operand)))
  }

  advance(inputs: readonly HostArray[]): Promise<void> | undefined {
    const [group, ...others] = this.#encoded.groups
    if (group?.type === 'host' || others.length > 0) return this.run(inputs).then(() => undefined)
    this.#fill(inputs)
    if (group) this.#runCommands(group.first, group.count)
    return undefined
  }

  dispose(): void {
    if (!this.#isDisposed) this.#session.free(this.#address, this.#encoded.words.byteLength)
    this.#isDisposed = true
  }

  /** Copies the inputs to where they lie now; nothing is allocated where that is where they lay in the last run. */
  #fill(inputs: readonly HostArray[]): void {
    const session = this.#session
    assert(!this.#isDisposed, 'a program was run after it was disposed')
    const { buffer } = session.engine.memory
    if (this.#arenaAddress !== session.arenaAddress) {
      this.#encoded = encodeProgram(this.#program, session.addresses(this.#program))
      this.#write()
      this.#viewed = undefined
    }
    if (this.#viewed !== buffer) {
      const addressOf = session.addresses(this.#program)
      this.#views = this.#program.inputs.map((operand) => session.view(operand, addressOf(operand)))
      this.#viewed = buffer
    }
    for (let i = 0; i < this.#views.length; i++) fillView(this.#views[i] as HostArray, inputs[i] as HostArray)
  }

  #write(): void {
    const { words } = this.#encoded
    new Int32Array(this.#session.engine.memory.buffer, this.#address, words.length).set(words)
    this.#arenaAddress = this.#session.arenaAddress
  }

  #runCommands(first: number, count: number): void {
    const { engine, scratchAddress } = this.#session
    const at = this.#address + (this.#encoded.offsets[first] as number)
    const done = engine.run(at, count, scratchAddress)
    if (done === count) return
    const step = this.#encoded.steps[first + done]
    assert(step, 'a command failed that no step has')
    const index = engine.faultIndex()
    throw step.indexError(index, limitOf(step.call, index))
  }
}

/** What an index exceeded. */
function limitOf(call: KernelCall, index: number): number {
  if (call.kernel === 'gather' || call.kernel === 'pick') return call.size
  assert(call.kernel === 'gatherBlocks' || call.kernel === 'scatterBlocks', 'a command failed that cannot')
  const { limits } = call.blocks
  return limits.find((limit) => index >= limit || index < -limit) ?? (limits[0] as number)
}

async function runHostStep(step: HostStep, viewOf: (operand: Operand) => HostArray): Promise<void> {
  const results = await step.compute(step.inputs.map((operand) => operand && viewOf(operand)))
  step.outputs.forEach((operand, i) => {
    if (operand) fillView(viewOf(operand), results[i] as HostArray)
  })
}
