/** How one kernel call becomes commands for the walker (assembly/engine.ts). */
import type { KernelCall, Operand } from '../../kernel-calls'

/** What an encoder needs to know of the memory. */
export interface EncodeContext {
  /** Byte address of an operand. */
  addressOf(operand: Operand): number
}

/** One command of the walker: an opcode with its arguments. */
export interface Command {
  readonly opcode: number
  /** Arguments, 32 bits each. */
  readonly words: readonly number[]
  /** Scratch memory that it needs, in bytes; it is aligned to 64, shared by all commands, and undefined at the start. */
  readonly scratchBytes: number
}

/**
 * A kernel call as commands, which are executed in order. Long calls give several (rows 0–99, rows 100–199, …): between
 * two of them the event loop may get its turn.
 */
export interface Encoder<C extends KernelCall> {
  /** Whether the kernel takes it: dtypes, ranks, sizes. Shapes are known to be consistent. */
  supports(call: C): boolean
  encode(call: C, context: EncodeContext): readonly Command[]
}

const BITS = new DataView(new ArrayBuffer(4))

/** The bits of a float32, as a word. */
export function floatWord(value: number): number {
  BITS.setFloat32(0, value, true)
  return BITS.getInt32(0, true)
}

/** Cuts [0, count) into pieces of about `limit` units of work, where one item costs `each`: for calls that are split. */
export function piecesOf(count: number, each: number, limit = PIECE_COST): readonly (readonly [number, number])[] {
  const size = Math.max(1, Math.floor(limit / Math.max(1, each)))
  const pieces: [number, number][] = []
  for (let from = 0; from < count; from += size) pieces.push([from, Math.min(count, from + size)])
  return pieces
}

/** Multiply-adds that one command should not exceed by much: about 10 ms. */
export const PIECE_COST = 1 << 26
