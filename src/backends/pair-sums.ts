/**
 * Products of 8-bit activations and weights as x86 processors without VNNI compute them: `vpmaddubsw` multiplies pairs
 * of neighbours along the depth and adds both products into 16 bits, where the sum stays at −32768 or 32767.
 */
export interface PairSums {
  readonly name: 'wasm' | 'reference'
  /**
   * @param weights int8 or uint8 [outputs, depth]; copied
   * @param isExact sums do not saturate, as those of signed activations or unsigned weights
   */
  load(weights: Int16Array, outputs: number, isExact?: boolean): PairProduct
  dispose(): void
}

/** The weights of one layer, ready to be multiplied by. */
export interface PairProduct {
  readonly outputs: number
  readonly depth: number
  /**
   * sums[o, p] = Σ_i clamp16(a[p, 2i] · w[o, 2i] + a[p, 2i + 1] · w[o, 2i + 1]) over raw activations, zero points included.
   * @returns sums that are valid until the next call of any product of these `PairSums`
   */
  multiply(columns: Columns): PairResult
}

/** Where the activations stand: a[p, k] = source[starts[p] + offsets[k]], unsigned. */
export interface Columns {
  readonly source: Uint8Array
  /** [places] */
  readonly starts: Int32Array
  /** [depth] */
  readonly offsets: Int32Array
}

export interface PairResult {
  /** [outputs, stride]; only the first `places` of a row mean something. */
  readonly sums: Int32Array
  readonly stride: number
  /** Pairs whose sum left 16 bits. */
  readonly saturated: number
}

const LOW = -32_768
const HIGH = 32_767
const LARGEST = 255

/** Whether two neighbouring weights can leave 16 bits with some pair of unsigned activations. */
export function canSaturate(first: number, second: number): boolean {
  const most = LARGEST * (Math.max(0, first) + Math.max(0, second))
  const least = LARGEST * (Math.min(0, first) + Math.min(0, second))
  return most > HIGH || least < LOW
}

/** Of one product. */
export const clampPair = (sum: number): number => Math.min(HIGH, Math.max(LOW, sum))
