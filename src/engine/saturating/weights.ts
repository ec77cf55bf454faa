import { elementCount } from '../../core/dtypes'
import type { Known } from './constants'

/** Weights of a layer as rows of one output each. */
export interface WeightRows {
  readonly outputs: number
  /** [outputs, depth] */
  readonly rows: Int16Array
}

/** [O, C, kh, kw] → [O, kh · kw · C]. */
export function convRows({ shape, values }: Known): WeightRows {
  const [outputs, channels, ...kernel] = shape as [number, number, ...number[]]
  const taps = elementCount(kernel)
  const rows = new Int16Array(values.length)
  for (let o = 0; o < outputs; o++) {
    for (let c = 0; c < channels; c++) {
      for (let tap = 0; tap < taps; tap++) {
        rows[(o * taps + tap) * channels + c] = values[(o * channels + c) * taps + tap]!
      }
    }
  }
  return { outputs, rows }
}

/** [K, N], or [N, K] where it is transposed. */
export function matrixRows({ shape, values }: Known, isTransposed: boolean): WeightRows {
  const [first, second] = shape as [number, number]
  if (isTransposed) return { outputs: first, rows: Int16Array.from(values) }
  const rows = new Int16Array(values.length)
  for (let k = 0; k < first; k++) for (let n = 0; n < second; n++) rows[n * first + k] = values[k * second + n]!
  return { outputs: second, rows }
}
