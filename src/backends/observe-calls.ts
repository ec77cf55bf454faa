/** Kernel calls that leave a few integers of a tensor: what calibration looks at, where it is. */
import type { Operand } from './kernel-calls'

/**
 * The range of the finite elements of a float32 tensor. Output uint32 [3]: `floatKey` of the least and of the greatest (2³² − 1
 * and 0 where there are none), and the flat index of the first element that is not finite (2³² − 1 where all are).
 */
export interface MinMaxCall {
  readonly kernel: 'minMax'
  readonly input: Operand
  readonly output: Operand
}

/**
 * output[b] = how many finite elements of a float32 tensor have clamp(roundHalfEven(fround(x · reciprocal)) − first) = b; uint32
 * [bins]. `reciprocal` is finite and not negative.
 */
export interface HistogramCall {
  readonly kernel: 'histogram'
  readonly input: Operand
  readonly output: Operand
  readonly reciprocal: number
  readonly first: number
}
