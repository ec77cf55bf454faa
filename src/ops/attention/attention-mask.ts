import type { AttentionSizes, AttentionView } from './attention-sizes'

/** Whether query `i` of a batch entry may look at key `j`, as far as `is_causal`, the windows and the padding say. */
export type Allows = (batch: number, i: number, j: number) => boolean

/**
 * The query i stands at p = i + offset, where offset counts the valid keys before the queries: the past, or
 * valid − S with a cache that is kept outside. Causal: j ≤ p. Windows: p − left ≤ j ≤ p + right. Padding: j < valid.
 * @returns undefined where everything is allowed
 */
export function allowsOf(
  { attributes }: Pick<AttentionView, 'attributes'>,
  { past, queries }: Pick<AttentionSizes, 'past' | 'queries'>,
  valid: readonly number[] | undefined,
): Allows | undefined {
  const { is_causal: isCausal, left_window_size: left, right_window_size: right } = attributes
  if (!isCausal && left < 0 && right < 0 && !valid) return undefined
  return (batch, i, j) => {
    const count = valid?.[batch] ?? Infinity
    const p = i + (valid ? count - queries : past)
    return !((isCausal && j > p) || (left >= 0 && j < p - left) || (right >= 0 && j > p + right) || j >= count)
  }
}

/** What is added to the scores of a row when only `allows` speaks: 0 or −∞, [batch or 1, 1, S, T]. */
export function biasOf(
  allows: Allows,
  { batch, queries, total }: AttentionSizes,
  isPerBatch: boolean,
): { shape: number[]; values: Float32Array<ArrayBuffer> } {
  const shape = [isPerBatch ? batch : 1, 1, queries, total]
  const values = new Float32Array(shape[0]! * queries * total)
  let at = 0
  for (let b = 0; b < shape[0]!; b++) {
    for (let i = 0; i < queries; i++) {
      for (let j = 0; j < total; j++) values[at++] = allows(b, i, j) ? 0 : -Infinity
    }
  }
  return { shape, values }
}
