/** Attention as one kernel call; see kernel-calls.ts. */
import type { Operand } from './kernel-calls'

/** Elements from one batch entry, head and row to the next; the elements of a row follow each other. */
export interface HeadStrides {
  readonly batch: number
  readonly head: number
  readonly row: number
}

/**
 * y[b, h, i] = Σ_j softmax_j(s[b, h, i, j]) · v[b, h', j] with s = cap(scale · q[b, h, i] · k[b, h', j]) + mask and
 * h' = ⌊h · keyHeads / heads⌋, where cap(x) = softcap · tanh(x / softcap), or x for softcap 0. All float32; q rows have
 * `size` elements as k's, y rows `valueSize` as v's. A query that may look at nothing gives 0.
 *
 * Query i stands at p = i + past, or i + valid[b] − queries where `valid` is given. It looks at the keys j <= p when causal,
 * j >= p − left and j <= p + right where these are not negative, j < valid[b], j < the mask's last axis.
 */
export interface AttentionCall {
  readonly kernel: 'attention'
  readonly query: Operand
  readonly key: Operand
  readonly value: Operand
  /** float32, added; or bool, where 0 forbids. Broadcasts to [batch, heads, queries, …]; its last axis is never repeated. */
  readonly mask?: Operand
  /** int64, [batch]: how many keys an entry has. */
  readonly valid?: Operand
  readonly output: Operand
  readonly strides: Readonly<Record<'query' | 'key' | 'value' | 'output', HeadStrides>>
  readonly batch: number
  readonly heads: number
  readonly keyHeads: number
  readonly queries: number
  readonly keys: number
  readonly past: number
  readonly size: number
  readonly valueSize: number
  readonly isCausal: boolean
  /** −1: no limit. */
  readonly left: number
  readonly right: number
  readonly scale: number
  readonly softcap: number
}
