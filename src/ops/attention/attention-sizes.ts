/**
 * Shapes of Attention. Letters: B batch, Hq and Hk heads of queries and of keys, S queries, T keys with those of the past,
 * D head size, E head size of the values. Q [B, Hq, S, D], K [B, Hk, T − past, D], V [B, Hk, T − past, E], or with three axes
 * Q [B, S, Hq·D] and so on.
 */
import type { KnownDType } from '../../core/dtypes'
import type { Dim } from '../../graph/model'
import { dtype, flag, float, int, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import type { InferContext, NodeView, TensorType } from '../op'
import { broadcast, mapDim, mergeDims, type Dims } from '../shapes'

export const attentionAttributes = {
  is_causal: flag(false),
  kv_num_heads: optional(int()),
  left_window_size: int(-1),
  q_num_heads: optional(int()),
  qk_matmul_output_mode: int(0),
  right_window_size: int(-1),
  scale: optional(float()),
  softcap: float(0),
  softmax_precision: optional(dtype()),
}
export type AttentionSchema = typeof attentionAttributes
export type AttentionView = Pick<NodeView<AttentionSchema>, 'attributes' | 'fail'>

/** Places of the inputs. */
export const MASK = 3
export const PAST_KEY = 4
export const PAST_VALUE = 5
export const VALID_KEYS = 6

interface SizesOf<D> {
  readonly batch: D
  readonly heads: D
  readonly keyHeads: D
  readonly queries: D
  readonly past: D
  readonly total: D
  readonly headSize: D
  readonly valueSize: D
}
export type AttentionSizes = SizesOf<number>

const SOFTMAX_TYPES: readonly KnownDType[] = ['float32', 'float16', 'float64', 'bfloat16']

function checkAttributes({ attributes, fail }: AttentionView): void {
  const { qk_matmul_output_mode: mode, left_window_size: left, right_window_size: right, softcap } = attributes
  if (mode < 0 || mode > 3) fail(`qk_matmul_output_mode must be 0, 1, 2 or 3, not ${mode}`)
  if (left < -1 || right < -1) fail(`a window must be −1 or not negative, not ${Math.min(left, right)}`)
  if (softcap < 0) fail(`softcap must not be negative, and it is ${softcap}`)
  const precision = attributes.softmax_precision
  if (precision && !SOFTMAX_TYPES.includes(precision)) fail(`softmax_precision cannot be ${precision}`)
}

/** [B, heads, length, size] of an input of three or four axes. */
function headed(view: AttentionView, name: string, shape: Dims, declared: number | undefined): readonly Dim[] {
  const heads = declared ?? null
  if (shape.length === 4) {
    if (mergeDims(shape[1]!, heads) === undefined) view.fail(`${name} has ${shape[1]} heads, and ${heads} are declared`)
    return shape
  }
  if (shape.length !== 3) view.fail(`${name} must have three or four axes`)
  if (declared === undefined || declared < 1) view.fail('three axes need q_num_heads and kv_num_heads')
  const [batch, length, hidden] = shape as [Dim, Dim, Dim]
  if (typeof hidden === 'number' && hidden % declared !== 0)
    view.fail(`the ${hidden} numbers of ${name} cannot be shared among ${declared} heads`)
  return [batch, declared, length, mapDim(hidden, (size) => size / declared)]
}

/** undefined where a rank is not known. */
export function sizesOf(
  view: AttentionView,
  shapes: readonly (Dims | undefined)[],
  hasPast: boolean,
): SizesOf<Dim> | undefined {
  const [q, k, v, , pastKey, pastValue] = shapes
  if (!q || !k || !v || (hasPast && (!pastKey || !pastValue))) return undefined
  if (k.length !== q.length || v.length !== q.length) view.fail('Q, K and V must have the same number of axes')
  const { q_num_heads: qHeads, kv_num_heads: kHeads } = view.attributes
  const [query, key, value] = [headed(view, 'Q', q, qHeads), headed(view, 'K', k, kHeads), headed(view, 'V', v, kHeads)]
  const merge = (what: string, ...dims: Dim[]): Dim =>
    dims.reduce((a, b) => {
      const merged = mergeDims(a, b)
      return merged === undefined ? view.fail(`the ${what} ${a} and ${b} differ`) : merged
    })
  const past = [pastKey ?? [], pastValue ?? []] as const
  if (hasPast && past.some(({ length }) => length !== 4)) view.fail('past_key and past_value must have four axes')
  const of = (axis: number, which: 0 | 1): Dim[] => (hasPast ? [past[which][axis]!] : [])
  const heads = query[1]!
  const keyHeads = merge('heads of K and V', key[1]!, value[1]!, ...of(1, 0), ...of(1, 1))
  if (typeof heads === 'number' && typeof keyHeads === 'number' && (keyHeads === 0 || heads % keyHeads !== 0))
    view.fail(`${heads} heads of queries cannot share ${keyHeads} heads of keys`)
  const length = merge('lengths of K and V', key[2]!, value[2]!)
  const before = hasPast ? merge('past lengths', ...of(2, 0), ...of(2, 1)) : 0
  return {
    batch: merge('batch sizes', query[0]!, key[0]!, value[0]!, ...of(0, 0), ...of(0, 1)),
    heads,
    keyHeads,
    queries: query[2]!,
    past: before,
    total: typeof length === 'number' && typeof before === 'number' ? length + before : before === 0 ? length : null,
    headSize: merge('head sizes of Q and K', query[3]!, key[3]!, ...of(3, 0)),
    valueSize: merge('head sizes of V', value[3]!, ...of(3, 1)),
  }
}

function checkMask(context: InferContext<AttentionSchema>, sizes: SizesOf<Dim>): void {
  const mask = context.has(MASK) ? context.shape(MASK) : undefined
  if (!mask) return
  const scores = [sizes.batch, sizes.heads, sizes.queries, sizes.total]
  const last = mask.at(-1) ?? 1
  const isTooLong = typeof last === 'number' && typeof sizes.total === 'number' && last > sizes.total
  // a shorter last axis is filled up with "no"
  const whole = broadcast([scores, [...mask.slice(0, -1), sizes.total]])
  const fits =
    mask.length >= 1 &&
    mask.length <= 4 &&
    !('problem' in whole) &&
    whole.shape!.every((dim, axis) => mergeDims(dim, scores[axis]!) !== undefined)
  if (!fits || isTooLong)
    context.fail(`attn_mask must be repeatable to [${scores.map((dim) => dim ?? '?').join(', ')}]`)
}

/** Y, present_key, present_value, qk_matmul_output. */
export function inferAttention(context: InferContext<AttentionSchema>): readonly TensorType[] {
  checkAttributes(context)
  const hasPast = context.has(PAST_KEY)
  if (hasPast !== context.has(PAST_VALUE)) context.fail('past_key and past_value come together')
  if (hasPast && context.has(VALID_KEYS)) context.fail('nonpad_kv_seqlen and past_key exclude each other')
  const shapes = Array.from({ length: 6 }, (_, i) => (context.has(i) ? context.shape(i) : undefined))
  const sizes = sizesOf(context, shapes, hasPast)
  requireKind(context, 0, 'float')
  requireKind(context, 2, 'float')
  const [q, v] = [context.dtype(0), context.dtype(2)]
  if (context.dtype(1) !== q) context.fail(`Q and K must have one type, not ${q} and ${context.dtype(1)}`)
  if (!sizes) return [q, q, v, q].map((type) => ({ dtype: type, shape: undefined }))
  checkMask(context, sizes)
  const valid = context.has(VALID_KEYS) ? context.shape(VALID_KEYS) : undefined
  if (valid && (valid.length !== 1 || mergeDims(valid[0]!, sizes.batch) === undefined))
    context.fail('nonpad_kv_seqlen must have one number per batch entry')
  const { batch, heads, keyHeads, queries, total, headSize, valueSize } = sizes
  const hidden = typeof heads === 'number' ? mapDim(valueSize, (size) => size * heads) : null
  const y = shapes[0]!.length === 4 ? [batch, heads, queries, valueSize] : [batch, queries, hidden]
  return [
    { dtype: q, shape: y },
    { dtype: q, shape: [batch, keyHeads, total, headSize] },
    { dtype: v, shape: [batch, keyHeads, total, valueSize] },
    { dtype: q, shape: [batch, heads, queries, total] },
  ]
}
