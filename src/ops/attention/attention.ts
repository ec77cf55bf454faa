import { integersOf, numbersOf, roundTo, type HostArray } from '../../core/host-array'
import { floatProduct } from '../matrix'
import { defineOperator, differentiable, FLOAT32, type MaybeArray, type ReferenceContext, type Results } from '../op'
import { broadcastStrides } from '../shapes'
import { softmaxRow } from '../softmax-rows'
import { attentionGradient } from './gradient'
import { lowerAttention } from './attention-lower'
import { allowsOf, type Allows } from './attention-mask'
import {
  attentionAttributes,
  inferAttention,
  MASK,
  sizesOf,
  VALID_KEYS,
  type AttentionSchema,
  type AttentionSizes,
} from './attention-sizes'

type Context = ReferenceContext<AttentionSchema>

/** [B, heads, length, size] of an input with three or four axes, behind what is past. */
function withPast(
  context: Context,
  x: HostArray,
  past: MaybeArray,
  [batch, heads, total, size]: readonly [number, number, number, number],
): HostArray {
  const result = context.empty(x.dtype, [batch, heads, total, size])
  const before = past?.shape[2] ?? 0
  const length = total - before
  const [from, out] = [numbersOf(x), result.values as Float64Array]
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const start = (b * heads + h) * total * size
      const old = (b * heads + h) * before * size
      if (past) out.set(numbersOf(past).subarray(old, old + before * size), start)
      for (let t = 0; t < length; t++) {
        const at = x.shape.length === 4 ? (b * heads + h) * length + t : (b * length + t) * heads + h
        out.set(from.subarray(at * size, (at + 1) * size), start + (before + t) * size)
      }
    }
  }
  return result
}

/** What the mask adds to a score; −∞ beyond its end and where it says no. */
function maskOf(mask: MaybeArray, { batch, heads, queries }: AttentionSizes) {
  if (!mask) return undefined
  const values = numbersOf(mask)
  const length = mask.shape.at(-1)!
  const [b, h, i] = broadcastStrides(mask.shape, [batch, heads, queries, length]) as [number, number, number]
  const isBool = mask.dtype === 'bool'
  return (entry: number, head: number, query: number, key: number): number => {
    if (key >= length) return -Infinity
    const value = values[entry * b + head * h + query * i + key]!
    return isBool ? (value === 0 ? -Infinity : 0) : value
  }
}

interface Rules {
  readonly sizes: AttentionSizes
  readonly allows: Allows | undefined
  readonly mask: ReturnType<typeof maskOf>
  /** Where the fourth output goes; undefined when nobody wants it. */
  readonly shown: HostArray | undefined
}

/** Scores [S, T] of one head become probabilities, in place. `shown` gets what the node asks to see. */
function toProbabilities(context: Context, scores: Float64Array, rules: Rules, b: number, h: number): void {
  const { qk_matmul_output_mode: mode, softcap, softmax_precision: precision } = context.attributes
  const { heads, queries, total } = rules.sizes
  const show = (stage: number) => {
    if (mode === stage) rules.shown?.values.set(scores as never, (b * heads + h) * queries * total)
  }
  show(0)
  if (softcap > 0) scores.forEach((score, at) => (scores[at] = softcap * Math.tanh(score / softcap)))
  show(1)
  const blocked = new Uint8Array(queries).fill(1)
  for (let i = 0; i < queries; i++) {
    for (let j = 0; j < total; j++) {
      const isAllowed = rules.allows?.(b, i, j) ?? true
      const bias = isAllowed ? (rules.mask?.(b, h, i, j) ?? 0) : -Infinity
      scores[i * total + j] = scores[i * total + j]! + bias
      if (bias !== -Infinity) blocked[i] = 0
    }
  }
  show(2)
  for (let i = 0; i < queries; i++) {
    const row = scores.subarray(i * total, (i + 1) * total)
    if (precision) row.forEach((score, j) => (row[j] = roundTo(precision, score)))
    // a query that may look at nothing finds nothing, not NaN
    if (blocked[i]) row.fill(0)
    else softmaxRow(row)
  }
  show(3)
}

function rulesOf(context: Context, sizes: AttentionSizes, inputs: readonly MaybeArray[]): Rules {
  const { batch, heads, queries, total } = sizes
  const valid = inputs[VALID_KEYS]
  return {
    sizes,
    allows: allowsOf(context, sizes, valid && integersOf(valid)),
    mask: maskOf(inputs[MASK], sizes),
    shown: context.wants(3) ? context.empty(inputs[0]!.dtype, [batch, heads, queries, total]) : undefined,
  }
}

/** The matrix [length, size] of one head of [B, heads, length, size]. */
const headOf = ({ values, shape }: HostArray, at: number, isTransposed: boolean) => ({
  values,
  offset: at * shape[2]! * shape[3]!,
  isTransposed,
})

function attend(context: Context, inputs: readonly MaybeArray[]): Results {
  const [q, k, v, , pastKey, pastValue] = inputs
  const shapes = inputs.map((input) => input?.shape)
  const sizes = sizesOf(context, shapes, pastKey !== undefined) as AttentionSizes
  const { batch, heads, keyHeads, queries, total, headSize, valueSize } = sizes
  const query = withPast(context, q!, undefined, [batch, heads, queries, headSize])
  const key = withPast(context, k!, pastKey, [batch, keyHeads, total, headSize])
  const value = withPast(context, v!, pastValue, [batch, keyHeads, total, valueSize])
  const is4d = q!.shape.length === 4
  const y = context.empty(q!.dtype, is4d ? [batch, heads, queries, valueSize] : [batch, queries, heads * valueSize])
  const rules = rulesOf(context, sizes, inputs)
  const scale = context.attributes.scale ?? 1 / Math.sqrt(headSize)
  for (let b = 0; b < batch; b++) {
    for (let h = 0; h < heads; h++) {
      const source = b * keyHeads + Math.floor((h * keyHeads) / heads)
      const left = headOf(query, b * heads + h, false)
      const scores = floatProduct(left, headOf(key, source, true), [queries, total, headSize]).map((x) => x * scale)
      toProbabilities(context, scores, rules, b, h)
      const weights = { values: scores, offset: 0, isTransposed: false }
      const found = floatProduct(weights, headOf(value, source, false), [queries, valueSize, total])
      for (let i = 0; i < queries; i++) {
        const at = is4d ? (b * heads + h) * queries + i : (b * queries + i) * heads + h
        y.values.set(found.subarray(i * valueSize, (i + 1) * valueSize) as never, at * valueSize)
      }
    }
  }
  return [y, key, value, rules.shown]
}

/**
 * y = softmax(cap(q · kᵀ · scale) + mask) · v, head by head; several heads of queries may share one of keys.
 * Shapes: see `attention-sizes.ts`. Vaswani et al., arXiv:1706.03762, equation 1; ONNX Attention, opset 25.
 */
export const attention = defineOperator({
  name: 'Attention',
  domain: '',
  attributes: attentionAttributes,
  inputs: [3, 7],
  infer: inferAttention,
  reference: (context, ...inputs) => attend(context, inputs),
  gradient: differentiable<AttentionSchema>(attentionGradient),
  lower: lowerAttention,
  tolerance: FLOAT32,
})
