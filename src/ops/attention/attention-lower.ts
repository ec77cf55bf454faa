/** Attention as one kernel, or as gemm, map, softmax and gemm with scratch memory between them. */
import type { AttentionCall, HeadStrides } from '../../backends/attention-call'
import type { Expression, GemmCall, KernelCall, Operand } from '../../backends/kernel-calls'
import { integersOf } from '../../core/host-array'
import { binary, broadcastShape, constant, select, unary } from '../elementwise'
import type { LowerContext } from '../op'
import { stridesOf } from '../shapes'
import { allowsOf, biasOf } from './attention-mask'
import { MASK, PAST_KEY, sizesOf, VALID_KEYS, type AttentionSchema, type AttentionSizes } from './attention-sizes'

type Context = LowerContext<AttentionSchema>
type Shape4 = readonly [number, number, number, number]

const LOWEST_FLOAT32 = -3.4028234663852886e38
const INPUT: Expression = { input: 0 }

/** [B, H, length, size] behind what is past, as it stands or in new memory. */
function gathered(context: Context, calls: KernelCall[], input: number, shape: Shape4, output?: Operand): Operand {
  const x = context.input(input)
  const [batch, heads, total, size] = shape
  const past = input > 0 && context.has(PAST_KEY) ? context.input(PAST_KEY + input - 1) : undefined
  const isPlain = x.shape.length === 4
  if (isPlain && !past) {
    if (output) calls.push({ kernel: 'alias', input: x, output })
    return x
  }
  const made = output ?? context.scratch('float32', shape)
  const outputStrides = stridesOf(shape)
  const before = past?.shape[2] ?? 0
  const length = total - before
  const move = (from: Operand, count: number, inputStrides: readonly number[], outputOffset: number) =>
    calls.push({
      kernel: 'copy',
      input: from,
      output: made,
      sizes: [batch, heads, count, size],
      inputStrides,
      inputOffset: 0,
      outputStrides,
      outputOffset,
    })
  if (past && before > 0) move(past, before, stridesOf(past.shape), 0)
  const strides = isPlain ? stridesOf(x.shape) : [length * heads * size, size, heads * size, 1]
  move(x, length, strides, before * size)
  return made
}

interface Bias {
  /** Added to the scores. */
  readonly operand: Operand
  /** The largest of each row, where a row may be −∞ altogether. */
  readonly rowMax?: Operand
}

/** What is_causal, windows, padding and mask add to the scores. */
function biasFor(context: Context, calls: KernelCall[], sizes: AttentionSizes): Bias | undefined {
  const valid = context.has(VALID_KEYS) ? integersOf(context.constant(VALID_KEYS)!) : undefined
  const allows = allowsOf(context, sizes, valid)
  const rule = allows && biasOf(allows, sizes, valid !== undefined)
  const stored = rule && context.store({ dtype: 'float32', ...rule })
  if (!context.has(MASK)) {
    if (!rule || !stored) return undefined
    const { total } = sizes
    const rows = Float32Array.from({ length: rule.values.length / total }, (_, row) =>
      rule.values.subarray(row * total, (row + 1) * total).includes(0) ? 0 : -Infinity,
    )
    if (!rows.includes(-Infinity)) return { operand: stored }
    const shape = [...rule.shape.slice(0, -1), 1]
    return { operand: stored, rowMax: context.store({ dtype: 'float32', shape, values: rows }) }
  }
  const mask = context.input(MASK)
  const shape = broadcastShape(mask.shape, rule?.shape ?? [])
  const added = mask.dtype === 'bool' ? select(INPUT, constant(0), constant(-Infinity)) : INPUT
  let operand = mask
  if (stored || mask.dtype === 'bool') {
    operand = context.scratch('float32', shape)
    calls.push({
      kernel: 'map',
      expression: stored ? binary('add', added, { input: 1 }) : added,
      inputs: stored ? [mask, stored] : [mask],
      output: operand,
    })
  }
  const rowMax = context.scratch('float32', [...shape.slice(0, -1), 1])
  const outer = shape.slice(0, -1).reduce((product, size) => product * size, 1)
  calls.push({
    kernel: 'reduce',
    reduction: 'max',
    input: operand,
    output: rowMax,
    outer,
    size: sizes.total,
    inner: 1,
  })
  return { operand, rowMax }
}

/** Probabilities [B, Hq, S, T] from scores; the fourth output is the stage that the node asks for. */
function probabilities(context: Context, calls: KernelCall[], sizes: AttentionSizes, scores: Operand): Operand {
  const { qk_matmul_output_mode: mode, softcap } = context.attributes
  const place = (stage: number) =>
    mode === stage && context.wants(3) ? context.output(3) : context.scratch('float32', scores.shape)
  let current = scores
  if (softcap > 0 || (mode === 1 && context.wants(3))) {
    const capped = binary('mul', constant(softcap), unary('tanh', binary('div', INPUT, constant(softcap))))
    const output = place(1)
    calls.push({ kernel: 'map', expression: softcap > 0 ? capped : INPUT, inputs: [current], output })
    current = output
  }
  const bias = biasFor(context, calls, sizes)
  if (bias || (mode === 2 && context.wants(3))) {
    const output = place(2)
    const expression: Expression = bias ? binary('add', INPUT, { input: 1 }) : INPUT
    calls.push({ kernel: 'map', expression, inputs: bias ? [current, bias.operand] : [current], output })
    current = output
  }
  const { batch, heads, queries, total } = sizes
  const isGuarded = bias?.rowMax !== undefined
  const soft = isGuarded ? context.scratch('float32', scores.shape) : place(3)
  const rows = { outer: batch * heads * queries, size: total, inner: 1 }
  calls.push({ kernel: 'softmax', isLog: false, input: current, output: soft, ...rows })
  if (!bias?.rowMax) return soft
  const output = place(3)
  const isBlocked = binary('less', { input: 1 }, constant(LOWEST_FLOAT32))
  const expression = select(isBlocked, constant(0), INPUT)
  calls.push({ kernel: 'map', expression, inputs: [soft, bias.rowMax], output })
  return output
}

/** Batch, head and row of [B, heads, length, size], or of [B, length, heads · size]. */
function headStrides(shape: readonly number[], heads: number): HeadStrides {
  if (shape.length === 4) {
    const [batch, head, row] = stridesOf(shape) as [number, number, number]
    return { batch, head, row }
  }
  const [, length, hidden] = shape as [number, number, number]
  return { batch: length * hidden, head: hidden / heads, row: hidden }
}

/** K or V with what is past before them; as it stands where nothing is and nobody wants it as an output. */
function cached(context: Context, calls: KernelCall[], input: number, shape: Shape4): Operand {
  if (context.has(PAST_KEY) || context.wants(input)) {
    return gathered(context, calls, input, shape, context.wants(input) ? context.output(input) : undefined)
  }
  return context.input(input)
}

/** All in one kernel, where the machine has it; the scores exist nowhere. */
function lowerWhole(context: Context, sizes: AttentionSizes): readonly KernelCall[] | null {
  const { batch, heads, keyHeads, queries, past, total, headSize, valueSize } = sizes
  const { is_causal: isCausal, left_window_size: left, right_window_size: right, softcap, scale } = context.attributes
  const calls: KernelCall[] = []
  const [query, output] = [context.input(0), context.output(0)]
  const key = cached(context, calls, 1, [batch, keyHeads, total, headSize])
  const value = cached(context, calls, 2, [batch, keyHeads, total, valueSize])
  const call: AttentionCall = {
    ...{
      kernel: 'attention',
      query,
      key,
      value,
      output,
      batch,
      heads,
      keyHeads,
      queries,
      keys: total,
      past,
      valueSize,
    },
    ...{ size: headSize, isCausal, left, right, softcap, scale: scale ?? 1 / Math.sqrt(headSize) },
    ...(context.has(MASK) && { mask: context.input(MASK) }),
    ...(context.has(VALID_KEYS) && { valid: context.input(VALID_KEYS) }),
    strides: {
      query: headStrides(query.shape, heads),
      key: headStrides(key.shape, keyHeads),
      value: headStrides(value.shape, keyHeads),
      output: headStrides(output.shape, heads),
    },
  }
  return context.supports(call) ? [...calls, call] : null
}

/** Whether kernels may compute it: one type, float32 within, nothing empty. */
function isComputable(context: Context, sizes: AttentionSizes): boolean {
  const { softmax_precision: precision } = context.attributes
  const floats = [0, 1, 2, PAST_KEY].filter((input) => context.has(input)).map((input) => context.input(input).dtype)
  const mask = context.has(MASK) ? context.input(MASK) : undefined
  return (
    floats.every((type) => type === 'float32') &&
    (precision === undefined || precision === 'float32') &&
    (!mask || mask.dtype === 'bool' || mask.dtype === 'float32') &&
    Object.entries(sizes).every(([name, size]) => size > 0 || name === 'past')
  )
}

/** What the single kernel needs not: the mask as long as the keys, and the padding known beforehand. */
function isComposable(context: Context, { total }: AttentionSizes): boolean {
  const isMaskWhole = !context.has(MASK) || context.input(MASK).shape.at(-1) === total
  return isMaskWhole && (!context.has(VALID_KEYS) || context.constant(VALID_KEYS) !== undefined)
}

export function lowerAttention(context: Context): readonly KernelCall[] | null {
  const shapes = Array.from({ length: 6 }, (_, i) => (context.has(i) ? context.input(i).shape : undefined))
  const sizes = sizesOf(context, shapes, context.has(PAST_KEY)) as AttentionSizes
  if (!isComputable(context, sizes)) return null
  const whole = context.wants(3) ? null : lowerWhole(context, sizes)
  return whole ?? (isComposable(context, sizes) ? lowerInSteps(context, sizes) : null)
}

function lowerInSteps(context: Context, sizes: AttentionSizes): readonly KernelCall[] {
  const { batch, heads, keyHeads, queries, total, headSize, valueSize } = sizes
  const calls: KernelCall[] = []
  const present = (output: number) => (context.wants(output) ? context.output(output) : undefined)
  const q = gathered(context, calls, 0, [batch, heads, queries, headSize])
  const k = gathered(context, calls, 1, [batch, keyHeads, total, headSize], present(1))
  const v = gathered(context, calls, 2, [batch, keyHeads, total, valueSize], present(2))
  // head h of the queries reads head ⌊h · Hk / Hq⌋ of the keys
  const batches = (aSize: number, bSize: number) =>
    Array.from({ length: batch * heads }, (_, at) => {
      const source = Math.floor(at / heads) * keyHeads + Math.floor(((at % heads) * keyHeads) / heads)
      return { a: at * aSize, b: source * bSize }
    })
  const isRawShown = context.attributes.qk_matmul_output_mode === 0 && context.wants(3)
  const scores = isRawShown ? context.output(3) : context.scratch('float32', [batch, heads, queries, total])
  calls.push({
    kernel: 'gemm',
    ...{ a: q, b: k, output: scores, m: queries, n: total, k: headSize, transposeA: false, transposeB: true },
    alpha: context.attributes.scale ?? 1 / Math.sqrt(headSize),
    batches: batches(queries * headSize, total * headSize),
  } satisfies GemmCall)
  const weights = probabilities(context, calls, sizes, scores)
  const is4d = context.input(0).shape.length === 4
  const y = is4d ? context.output(0) : context.scratch('float32', [batch, heads, queries, valueSize])
  calls.push({
    kernel: 'gemm',
    ...{ a: weights, b: v, output: y, m: queries, n: valueSize, k: total, transposeA: false, transposeB: false },
    alpha: 1,
    batches: batches(queries * total, total * valueSize),
  } satisfies GemmCall)
  if (!is4d) {
    calls.push({
      kernel: 'copy',
      input: y,
      output: context.output(0),
      sizes: [batch, queries, heads, valueSize],
      inputStrides: [heads * queries * valueSize, valueSize, queries * valueSize, 1],
      inputOffset: 0,
      outputStrides: stridesOf([batch, queries, heads, valueSize]),
      outputOffset: 0,
    })
  }
  return calls
}
