/**
 * A machine that runs programs naively on one block of memory: planner and lowerings are tested on it without kernels,
 * and kernels are compared with it. Not part of the product.
 */
import { writesOf } from '../backends/call-operands'
import type { Operand } from '../backends/kernel-calls'
import {
  ruleErrorOf,
  type Constant,
  type LoadedProgram,
  type Machine,
  type MachineSession,
  type Program,
  type RunOptions,
  type State,
  type Step,
} from '../backends/machine'
import { assert } from '../core/errors'
import { arrayOver, slotBytes, type HostArray } from '../core/host-array'
import { Turns } from '../core/turns'
import { BrokenRule } from './naive-integers'
import { runNaively } from './naive-kernels'

export const planMachine: Machine = {
  name: 'plan',
  placeAlignment: 64,
  bytesPerElement: slotBytes,
  supports: () => true,
  open: async () => new Session(),
}

class Session implements MachineSession {
  /** How often memory was taken: replays take none. */
  allocations = 0
  memoryBytes = 0

  async load(program: Program): Promise<LoadedProgram> {
    this.allocations++
    this.memoryBytes += program.arenaBytes
    const arena = new ArrayBuffer(program.arenaBytes)
    const arrays = new Map<Operand, HostArray>()
    for (const [operand, place] of program.places) {
      const { dtype, shape } = operand
      if (place.in === 'constant') arrays.set(operand, { ...place.constant.array, dtype, shape })
      else if (place.in === 'state') arrays.set(operand, { dtype, shape, values: this.#state(place.state).values })
      else {
        assert(place.offset + bytesOf(operand) <= arena.byteLength, 'a place lies outside of the arena')
        arrays.set(operand, arrayOver(dtype, shape, arena, place.offset))
      }
    }
    return {
      run: (inputs, options) => runProgram(program, arena, arrays, inputs, options),
      advance: async (inputs) => void (await runProgram(program, arena, arrays, inputs)),
      dispose: () => undefined,
    }
  }

  readonly #states = new Map<State, HostArray>()

  #state(state: State): HostArray {
    const found = this.#states.get(state)
    assert(found, 'a state was never written')
    return found
  }

  async write(states: ReadonlyMap<State, HostArray>): Promise<void> {
    for (const [state, array] of states) {
      const known = this.#states.get(state)
      if (known) store(known, array)
      else this.#states.set(state, { ...array, values: array.values.slice() } as HostArray)
    }
  }

  async read(states: readonly State[]): Promise<HostArray[]> {
    return states.map((state) => {
      const array = this.#state(state)
      return { ...array, values: array.values.slice() } as HostArray
    })
  }

  /** Those that were released, for tests. */
  readonly released: Constant[] = []

  release(constants: readonly Constant[]): void {
    this.released.push(...constants)
  }

  dispose(): void {
    this.memoryBytes = 0
  }
}

const bytesOf = ({ dtype, shape }: Operand): number =>
  shape.reduce((product, size) => product * size, 1) * (slotBytes(dtype) ?? 0)

async function runProgram(
  program: Program,
  arena: ArrayBuffer,
  arrays: ReadonlyMap<Operand, HostArray>,
  inputs: readonly HostArray[],
  options: RunOptions = {},
): Promise<HostArray[]> {
  // NaN everywhere: what is read before it is written shows
  new Uint8Array(arena).fill(255)
  const arrayOf = (operand: Operand): HostArray => {
    const found = arrays.get(operand)
    assert(found, `operand ${operand.id} has no place`)
    return found
  }
  program.inputs.forEach((operand, i) => store(arrayOf(operand), inputs[i]!))
  const turns = new Turns(options.signal)
  let cost = 0
  for (const step of program.steps) {
    await turns.take()
    await runStep(step, arrayOf, program)
    cost += step.cost
    options.onCost?.(cost)
  }
  return program.outputs.map((operand) => {
    const { dtype, shape, values } = arrayOf(operand)
    return { dtype, shape, values: values.slice() }
  })
}

async function runStep(step: Step, arrayOf: (operand: Operand) => HostArray, program: Program): Promise<void> {
  if (step.type === 'call') {
    for (const operand of writesOf(step.call)) {
      assert(program.places.get(operand)?.in !== 'constant', `${step.title} writes a constant`)
    }
    try {
      runNaively(step.call, arrayOf, (index, size) => {
        throw step.indexError(index, size)
      })
    } catch (error) {
      throw error instanceof BrokenRule ? ruleErrorOf(step, error.message) : error
    }
    return
  }
  const results = await step.compute(step.inputs.map((operand) => operand && arrayOf(operand)))
  step.outputs.forEach((operand, i) => {
    if (operand) store(arrayOf(operand), results[i]!)
  })
}

function store(place: HostArray, { dtype, shape, values }: HostArray): void {
  assert(dtype === place.dtype && `${shape.join()}` === `${place.shape.join()}`, 'an array does not fit its place')
  for (let i = 0; i < values.length; i++) place.values[i] = values[i]!
}
