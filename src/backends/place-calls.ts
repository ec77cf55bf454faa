/** Kernel calls that move elements to and from places which other elements name; the others stand in kernel-calls.ts. */
import type { Operand } from './kernel-calls'

/**
 * Blocks of `block` neighbouring elements that tuples of indices name. A tuple t with the place p below `sizes` names the
 * block at Σ p·strides + Σ_d index(t, d)·steps[d]; the indices, int64 or int32, are [...sizes, limits.length]. Each must
 * lie in [-limits[d], limits[d]) and counts from the end where it is negative: checked. Strides and steps are multiples of
 * `block`.
 */
export interface Blocks {
  readonly sizes: readonly number[]
  readonly strides: readonly number[]
  readonly limits: readonly number[]
  readonly steps: readonly number[]
  readonly block: number
}

/** output[t, k] = the k-th element of the block of `input` that tuple t names. Of any type. */
export interface GatherBlocksCall {
  readonly kernel: 'gatherBlocks'
  readonly input: Operand
  readonly indices: Operand
  readonly output: Operand
  readonly blocks: Blocks
}

export type ScatterReduction = 'none' | 'add' | 'mul' | 'max' | 'min'

/**
 * output = input, and then, for one tuple t after the other, the elements of its block combined with updates[t, k]: 'none'
 * replaces them. max and min are NaN when either is. Of any type; integers wrap, and where a machine holds 64 bits in fewer,
 * it ends the run instead.
 */
export interface ScatterBlocksCall {
  readonly kernel: 'scatterBlocks'
  readonly reduction: ScatterReduction
  readonly input: Operand
  readonly indices: Operand
  readonly updates: Operand
  readonly output: Operand
  readonly blocks: Blocks
}

/**
 * output = input [batch, outer, size, inner] with updates [batch, outer, length, inner] in the entries from starts[b] on
 * (int64 or int32). It must lie in [0, size − length]: checked; or, where `isCircular`, be at least 0: then what runs over
 * the end goes on at the start. Of any type.
 */
export interface InsertCall {
  readonly kernel: 'insert'
  readonly input: Operand
  readonly updates: Operand
  readonly starts: Operand
  readonly output: Operand
  readonly batch: number
  readonly outer: number
  readonly size: number
  readonly length: number
  readonly inner: number
  readonly isCircular: boolean
}

/**
 * The first lengths[b] of `size` steps of each batch entry in reverse, the others as they are. The input is [size, batch,
 * inner], or [batch, size, inner] where `isBatchFirst`; lengths, int64 or int32, lie in [0, size]: checked. Of any type.
 */
export interface ReverseCall {
  readonly kernel: 'reverse'
  readonly input: Operand
  readonly lengths: Operand
  readonly output: Operand
  readonly batch: number
  readonly size: number
  readonly inner: number
  readonly isBatchFirst: boolean
}

/**
 * output[o, d, i] = values[1] where the index input[o, i] is d or d − size, else values[0]; [outer, size, inner]. The
 * indices are of any type of numbers and are cut towards zero, the values of any type.
 */
export interface OneHotCall {
  readonly kernel: 'oneHot'
  readonly input: Operand
  readonly values: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/**
 * output[r, s] = weights[s] · how often the sequences of slot s occur in the row r of input [rows, length]; `isOnce`: or 0
 * times, or once. Between two elements of an occurrence up to `skips` others are left out, always as many. Input of 32-bit
 * or 64-bit integers, output float32 [rows, weights.length].
 */
export interface CountCall {
  readonly kernel: 'count'
  readonly input: Operand
  readonly output: Operand
  readonly rows: number
  readonly length: number
  readonly sequences: readonly { readonly slot: number; readonly elements: readonly number[] }[]
  readonly skips: number
  readonly weights: readonly number[]
  readonly isOnce: boolean
}
