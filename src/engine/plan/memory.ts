/** Where every operand lies, decided once for all runs: values that never live at the same time share memory. */
import type { Operand } from '../../backends/kernel-calls'
import { PLACE_ALIGNMENT, type Constant, type Machine, type Place } from '../../backends/machine'
import { elementCount } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { opReads, opWrites, type Op } from './lower'

export interface Memory {
  readonly places: ReadonlyMap<Operand, Place>
  /** Size of the arena. */
  readonly bytes: number
  /** What it would take if no two values shared memory. */
  readonly unsharedBytes: number
}

export interface MemoryRequest {
  /** Aliases included; the others in the order in which they run. */
  readonly ops: readonly Op[]
  /** Written before the first operation. */
  readonly inputs: readonly Operand[]
  /** Read after the last. */
  readonly outputs: readonly Operand[]
  readonly constants: ReadonlyMap<Operand, Constant>
  readonly machine: Pick<Machine, 'bytesPerElement'>
}

/** A piece of memory, for all operands that are the same value under other shapes, or follow one another in place. */
export interface Block {
  readonly bytes: number
  /** Places of the first and the last operation that use it; -1 is before all, `ops.length` after. */
  readonly from: number
  readonly to: number
}

/** Mutable while blocks are merged. */
interface OpenBlock {
  bytes: number
  from: number
  to: number
  constant: Constant | undefined
  readonly members: Operand[]
}

export function assignMemory(request: MemoryRequest): Memory {
  const blocks = new Blocks(request)
  const { open, constants } = blocks.finished()
  const offsets = packBlocks(open)
  const places = new Map<Operand, Place>(constants)
  let bytes = 0
  open.forEach((block, i) => {
    const offset = offsets[i] as number
    bytes = Math.max(bytes, offset + block.bytes)
    for (const operand of block.members) places.set(operand, { in: 'arena', offset })
  })
  return { places, bytes, unsharedBytes: blocks.unsharedBytes }
}

const aligned = (bytes: number): number => Math.ceil(bytes / PLACE_ALIGNMENT) * PLACE_ALIGNMENT

class Blocks {
  readonly #request: MemoryRequest
  readonly #of = new Map<Operand, OpenBlock>()
  unsharedBytes = 0

  constructor(request: MemoryRequest) {
    this.#request = request
    const { ops, inputs, outputs } = request
    for (const operand of inputs) this.#use(operand, -1)
    ops.forEach((op, i) => {
      for (const operand of [...opReads(op), ...opWrites(op)]) this.#use(operand, i)
      if (op.type === 'call' && op.call.kernel === 'alias') this.#merge(op.call.input, op.call.output)
    })
    for (const operand of outputs) this.#use(operand, ops.length)
    this.unsharedBytes = this.#open().reduce((sum, block) => sum + block.bytes, 0)
    this.#mergeInPlace()
  }

  finished(): { open: readonly OpenBlock[]; constants: [Operand, Place][] } {
    const constants = [...this.#of].flatMap(([operand, { constant }]): [Operand, Place][] =>
      constant ? [[operand, { in: 'constant', constant }]] : [],
    )
    return { open: this.#open(), constants }
  }

  #open(): readonly OpenBlock[] {
    return [...new Set(this.#of.values())].filter(({ constant }) => !constant)
  }

  #use(operand: Operand, at: number): void {
    const known = this.#of.get(operand)
    if (known) {
      known.from = Math.min(known.from, at)
      known.to = Math.max(known.to, at)
      return
    }
    const constant = this.#request.constants.get(operand)
    const slot = this.#request.machine.bytesPerElement(operand.dtype)
    assert(slot !== undefined, `an operand of ${operand.dtype}, which the machine cannot hold`)
    const bytes = aligned(elementCount(operand.shape) * slot)
    this.#of.set(operand, { bytes, from: at, to: at, constant, members: [operand] })
  }

  #merge(kept: Operand, merged: Operand): void {
    const [into, from] = [this.#of.get(kept)!, this.#of.get(merged)!]
    if (into === from) return
    into.bytes = Math.max(into.bytes, from.bytes)
    into.from = Math.min(into.from, from.from)
    into.to = Math.max(into.to, from.to)
    for (const operand of from.members) {
      into.members.push(operand)
      this.#of.set(operand, into)
    }
  }

  /** An element-wise result takes the place of an input that nothing else needs any more. */
  #mergeInPlace(): void {
    const { ops, machine } = this.#request
    ops.forEach((op, i) => {
      if (op.type !== 'call' || op.call.kernel !== 'map') return
      const { inputs, output } = op.call
      const target = this.#of.get(output)!
      const slot = machine.bytesPerElement(output.dtype)
      const fits = (input: Operand): boolean =>
        input.shape.join() === output.shape.join() && machine.bytesPerElement(input.dtype) === slot
      const source = inputs.find((input) => {
        const block = this.#of.get(input)!
        // every input in that block is overwritten as the result is written, element by element
        const areAllSafe = inputs.every((other) => this.#of.get(other) !== block || fits(other))
        return !block.constant && block !== target && block.to === i && target.from === i && areAllSafe
      })
      if (source) this.#merge(source, output)
    })
  }
}

/**
 * Offsets, largest blocks first, each into the smallest gap where it fits between the blocks that live at the same time.
 * Pisarchyk & Lee, arXiv:2001.03288v1, "greedy by size".
 */
export function packBlocks(blocks: readonly Block[]): readonly number[] {
  const offsets = new Array<number>(blocks.length).fill(0)
  const placed: number[] = []
  const bySize = blocks.map((_, i) => i).sort((a, b) => blocks[b]!.bytes - blocks[a]!.bytes || a - b)
  for (const i of bySize) {
    const block = blocks[i]!
    if (block.bytes === 0) continue
    const alive = placed.filter((k) => blocks[k]!.from <= block.to && block.from <= blocks[k]!.to)
    offsets[i] = bestGap(
      alive.map((k) => ({ start: offsets[k]!, end: offsets[k]! + blocks[k]!.bytes })),
      block.bytes,
    )
    placed.push(i)
  }
  return offsets
}

function bestGap(taken: { start: number; end: number }[], bytes: number): number {
  taken.sort((a, b) => a.start - b.start)
  let end = 0
  let best: { offset: number; room: number } | undefined
  for (const next of taken) {
    const room = next.start - end
    if (room >= bytes && (!best || room < best.room)) best = { offset: end, room }
    end = Math.max(end, next.end)
  }
  return best?.offset ?? end
}
