/** A loaded program of the WASM machine: commands in linear memory, run group after group. */
import { assert, throwIfAborted } from '../../core/errors'
import type { HostArray } from '../../core/host-array'
import { Turns } from '../../core/turns'
import type { KernelCall, Operand } from '../kernel-calls'
import type { HostStep, LoadedProgram, Program, RunOptions } from '../machine'
import type { WasmSession } from './machine'
import { encodeProgram, type EncodedProgram } from './program'

/** Copies an array into a place of the same type and size. */
export function fillView(place: HostArray, { dtype, values }: HostArray): void {
  const fits = dtype === place.dtype && values.length === place.values.length
  if (!fits || values.BYTES_PER_ELEMENT !== place.values.BYTES_PER_ELEMENT) {
    // the sentence is only made where somebody reads it: this runs for every input of every step
    const found = `an array of ${dtype} with ${values.length} elements`
    assert(false, `${found} does not fit a place of ${place.dtype} with ${place.values.length}`)
  }
  ;(place.values as Float32Array).set(values as Float32Array)
}

export const copied = ({ dtype, shape, values }: HostArray): HostArray => ({ dtype, shape, values: values.slice() })

export class WasmProgram implements LoadedProgram {
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
