/** Where every operand lies, decided once for all runs: values that never live at the same time share memory. */
import type { CopyCall, KernelCall, Operand } from '../../backends/kernel-calls'
import type { Constant, Machine, Place, State } from '../../backends/machine'
import { elementCount } from '../../core/dtypes'
import { assert } from '../../core/errors'
import { stridesOf } from '../../ops/shapes'
import { opReads, opWrites, type Op } from './lower'

export interface Memory {
  readonly places: ReadonlyMap<Operand, Place>
  /** Size of the arena. */
  readonly bytes: number
  /** What it would take if no two values shared memory. */
  readonly unsharedBytes: number
  /** Operations that have nothing left to do: aliases, and copies of what lies in its place already. */
  readonly elided: ReadonlySet<Op>
}

export interface MemoryRequest {
  /** Aliases included; the others in the order in which they run. */
  readonly ops: readonly Op[]
  /** Written before the first operation. */
  readonly inputs: readonly Operand[]
  /** Read after the last. */
  readonly outputs: readonly Operand[]
  readonly constants: ReadonlyMap<Operand, Constant>
  readonly states?: ReadonlyMap<Operand, State>
  /** The operation from which on states may be written; what stands there and behind does not fail. */
  readonly writesFrom?: number
  readonly machine: Pick<Machine, 'bytesPerElement' | 'placeAlignment'>
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
  /** Where it lies, if that is not in the arena. */
  readonly fixed: Place | undefined
  readonly members: Operand[]
}

interface Slot {
  readonly block: OpenBlock
  /** Bytes from the start of the block. */
  readonly at: number
}

export function assignMemory(request: MemoryRequest): Memory {
  const blocks = new Blocks(request)
  const open = blocks.open
  const offsets = new Map(packBlocks(open).map((offset, i) => [open[i], offset]))
  const places = new Map<Operand, Place>()
  for (const [operand, { block, at }] of blocks.slots) {
    if (block.fixed) places.set(operand, block.fixed)
    else places.set(operand, { in: 'arena', offset: (offsets.get(block) as number) + at })
  }
  const bytes = open.reduce((end, block) => Math.max(end, (offsets.get(block) as number) + block.bytes), 0)
  return { places, bytes, unsharedBytes: blocks.unsharedBytes, elided: blocks.elided }
}

/** A view that is smaller than this share of its block must not keep the block alive. */
const LEAST_SHARE = 0.25

class Blocks {
  readonly #request: MemoryRequest
  readonly slots = new Map<Operand, Slot>()
  readonly elided = new Set<Op>()
  readonly unsharedBytes: number

  constructor(request: MemoryRequest) {
    this.#request = request
    const { ops, inputs, outputs } = request
    for (const operand of inputs) this.#use(operand, -1)
    ops.forEach((op, i) => {
      for (const operand of [...opReads(op), ...opWrites(op)]) this.#use(operand, i)
    })
    for (const operand of outputs) this.#use(operand, ops.length)
    for (const { op, call } of this.#calls('alias')) {
      this.#merge(call.input, call.output, 0)
      this.elided.add(op)
    }
    this.unsharedBytes = this.open.reduce((sum, block) => sum + block.bytes, 0)
    this.#mergeUpdates()
    this.#mergeViews()
    this.#mergeInPlace()
    this.#mergeParts()
  }

  get open(): readonly OpenBlock[] {
    return [...new Set([...this.slots.values()].map(({ block }) => block))].filter(({ fixed }) => !fixed)
  }

  #use(operand: Operand, at: number): void {
    const known = this.slots.get(operand)?.block
    if (known) {
      known.from = Math.min(known.from, at)
      known.to = Math.max(known.to, at)
      return
    }
    const fixed = this.#fixedPlaceOf(operand)
    const bytes = this.#aligned(this.#bytesOf(operand))
    this.slots.set(operand, { block: { bytes, from: at, to: at, fixed, members: [operand] }, at: 0 })
  }

  #fixedPlaceOf(operand: Operand): Place | undefined {
    const constant = this.#request.constants.get(operand)
    if (constant) return { in: 'constant', constant }
    const state = this.#request.states?.get(operand)
    return state && { in: 'state', state }
  }

  #slotBytes({ dtype }: Operand): number {
    const slot = this.#request.machine.bytesPerElement(dtype)
    assert(slot !== undefined, `an operand of ${dtype}, which the machine cannot hold`)
    return slot
  }

  #aligned(bytes: number): number {
    const { placeAlignment } = this.#request.machine
    return Math.ceil(bytes / placeAlignment) * placeAlignment
  }

  #bytesOf(operand: Operand): number {
    return elementCount(operand.shape) * this.#slotBytes(operand)
  }

  /** Puts the block of `merged` into that of `kept`, so that the one lies `shift` bytes behind the other. */
  #merge(kept: Operand, merged: Operand, shift: number): void {
    const [into, from] = [this.slots.get(kept)!, this.slots.get(merged)!]
    if (into.block === from.block) return
    const move = into.at + shift - from.at
    assert(move >= 0, 'a block would begin before the one that it joins')
    const { block } = into
    block.bytes = Math.max(block.bytes, move + from.block.bytes)
    block.from = Math.min(block.from, from.block.from)
    block.to = Math.max(block.to, from.block.to)
    for (const operand of from.block.members) {
      block.members.push(operand)
      this.slots.set(operand, { block, at: this.slots.get(operand)!.at + move })
    }
  }

  #calls<K extends KernelCall['kernel']>(kernel: K) {
    return this.#request.ops.flatMap((op, i) =>
      op.type === 'call' && op.call.kernel === kernel
        ? [{ op, i, call: op.call as Extract<KernelCall, { kernel: K }> }]
        : [],
    )
  }

  /**
   * The new value of a state is made where the state lies, if whatever else reads the old one has done so before: a map
   * that reads it element by element may do so itself.
   */
  #mergeUpdates(): void {
    const { ops, outputs, states, writesFrom = ops.length } = this.#request
    for (const { op, i, call } of this.#calls('copy')) {
      const { input, output } = call
      if (i < writesFrom || !states?.has(output) || !isRun(call)) continue
      const [source, target] = [this.slots.get(input)!, this.slots.get(output)!]
      const { from } = source.block
      const maker = ops[from]
      if (source.block.fixed || from < writesFrom || maker?.type !== 'call' || maker.call.kernel !== 'map') continue
      const isAlone = source.at === 0 && source.block.bytes === target.block.bytes
      if (!isAlone || elementCount(call.sizes) !== elementCount(output.shape)) continue
      const { shape } = maker.call.output
      const isOfState = (operand: Operand) => this.slots.get(operand)!.block === target.block
      const isReadLater = ops.some((other, k) => k > from && other !== op && opReads(other).some(isOfState))
      const isTurned = opReads(maker).some((one) => isOfState(one) && one.shape.join() !== shape.join())
      if (isReadLater || isTurned || outputs.some(isOfState)) continue
      this.#merge(output, input, 0)
      this.elided.add(op)
    }
  }

  /** A piece of a tensor that lies together in memory is a view of it: no work. */
  #mergeViews(): void {
    const { ops, machine } = this.#request
    const alignment = machine.placeAlignment
    const writers = new Map<Operand, number>()
    for (const written of ops.flatMap(opWrites)) writers.set(written, (writers.get(written) ?? 0) + 1)
    for (const { op, i, call } of this.#calls('copy')) {
      const { input, output, inputOffset } = call
      const [source, target] = [this.slots.get(input)!.block, this.slots.get(output)!.block]
      // what changes the copy afterwards must not change the original for those that still read it
      if (writers.get(output) !== 1 && source.to !== i) continue
      const shift = inputOffset * this.#slotBytes(input)
      const isWhole = elementCount(call.sizes) === elementCount(output.shape)
      const isFresh = target.from === i && !target.fixed && !source.fixed && source !== target
      const isCheap = target.to <= source.to || target.bytes >= LEAST_SHARE * source.bytes
      if (!isWhole || !isFresh || !isCheap || !isRun(call) || shift % alignment !== 0) continue
      this.#merge(input, output, shift)
      this.elided.add(op)
    }
  }

  /** An element-wise result takes the place of an input that nothing else needs any more. */
  #mergeInPlace(): void {
    for (const { i, call } of this.#calls('map')) {
      const { inputs, output } = call
      const target = this.slots.get(output)!.block
      const source = inputs.find((input) => {
        const { block } = this.slots.get(input)!
        const isSame = input.shape.join() === output.shape.join() && this.#slotBytes(input) === this.#slotBytes(output)
        const isLast = !block.fixed && !target.fixed && block !== target && block.to === i && target.from === i
        return isSame && isLast && inputs.every((other) => this.#allows(input, other))
      })
      if (source) this.#merge(source, output, 0)
    }
  }

  /** Whether `other` may be read, element by element, while `written` is overwritten. */
  #allows(written: Operand, other: Operand): boolean {
    const [a, b] = [this.slots.get(written)!, this.slots.get(other)!]
    if (a.block !== b.block) return true
    if (a.at === b.at) return written.shape.join() === other.shape.join()
    return a.at + this.#bytesOf(written) <= b.at || b.at + this.#bytesOf(other) <= a.at
  }

  /** What is only made to be put together with others is made where it will lie. */
  #mergeParts(): void {
    const { ops, machine } = this.#request
    const alignment = machine.placeAlignment
    const isCopy = (op: Op) => op.type === 'call' && op.call.kernel === 'copy'
    const computed = new Set(ops.filter((op) => !isCopy(op)).flatMap(opWrites))
    const copied = new Map<Operand, number>()
    for (const { call } of this.#calls('copy')) {
      copied.set(call.output, (copied.get(call.output) ?? 0) + elementCount(call.sizes))
    }
    for (const { op, i, call } of this.#calls('copy')) {
      const { input, output, outputOffset } = call
      const [source, target] = [this.slots.get(input)!, this.slots.get(output)!]
      const shift = outputOffset * this.#slotBytes(output)
      // parts that fill it exactly do not overlap: nothing else writes what is put there early
      const areApart = copied.get(output) === elementCount(output.shape) && !computed.has(output)
      const isWhole = elementCount(call.sizes) === elementCount(input.shape)
      const isAlone = source.at === 0 && source.block.bytes === this.#aligned(this.#bytesOf(input))
      const isLast =
        !source.block.fixed && !target.block.fixed && source.block !== target.block && source.block.to === i
      if (!areApart || !isWhole || !isAlone || !isLast || !isRun(call) || shift % alignment !== 0) continue
      if (this.elided.has(op)) continue
      this.#merge(output, input, shift)
      this.elided.add(op)
    }
  }
}

/** Whether a copy moves one run of neighbouring elements. */
function isRun({ sizes, inputStrides, outputStrides }: CopyCall): boolean {
  const strides = stridesOf(sizes)
  return sizes.every(
    (size, axis) => size === 1 || (inputStrides[axis] === strides[axis] && outputStrides[axis] === strides[axis]),
  )
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
