/** Kernel calls along lines of a tensor seen as [outer, size, inner]; the others stand in kernel-calls.ts. */
import type { Operand } from './kernel-calls'

/**
 * The `count` largest (or smallest) elements of each line in their order, and where they stood: values and indices (int64)
 * are [outer, count, inner]. Of equals, whichever stands first; NaN is larger than all. Of any type of numbers.
 */
export interface TopKCall {
  readonly kernel: 'topK'
  readonly isLargest: boolean
  readonly input: Operand
  readonly values: Operand
  readonly indices: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
  readonly count: number
}

/**
 * output[o, i, j] = Σ input[o, k, j] over k ≤ i; `isExclusive`: k < i; `isReverse`: from the end. float32 or an integer
 * type, whose sums wrap; where a machine holds 64 bits in fewer, it ends the run instead.
 */
export interface CumulativeCall {
  readonly kernel: 'cumulative'
  readonly isExclusive: boolean
  readonly isReverse: boolean
  readonly input: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
}

/** Determinants of `count` matrices [size, size], by elimination with the largest pivot of each column. */
export interface DeterminantCall {
  readonly kernel: 'determinant'
  readonly input: Operand
  readonly output: Operand
  readonly count: number
  readonly size: number
}

/**
 * output[o, j] = input[o · strides.outer + i · strides.size + j · strides.inner] with i = indices[o, j], int32 or int64; 0
 * where i is `ignored`. Any other i must lie in [0, size): checked.
 */
export interface PickCall {
  readonly kernel: 'pick'
  readonly input: Operand
  readonly indices: Operand
  readonly output: Operand
  readonly outer: number
  readonly size: number
  readonly inner: number
  readonly strides: { readonly outer: number; readonly size: number; readonly inner: number }
  readonly ignored?: number
}
