import type { GatherCall, KernelCall, Operand } from '../../backends/kernel-calls'
import { integersOf, numbersOf } from '../../core/host-array'
import { flag, int, optional } from '../attributes'
import { requireKind } from '../dtype-kinds'
import { binary } from '../elementwise'
import { defineOperator, differentiable, FLOAT32, type InferContext, type LowerContext, type NodeView } from '../op'
import { mergeDims, type Dims } from '../shapes'
import { rotaryGradient } from './gradient'

export const attributes = { interleaved: flag(false), num_heads: optional(int()), rotary_embedding_dim: int(0) }
type Schema = typeof attributes

/** Elements from one of each to the next; `half` pairs are turned, `step` apart are neighbouring pairs, `gap` the two of a pair. */
interface Layout {
  readonly sizes: { readonly batch: number; readonly heads: number; readonly steps: number; readonly head: number }
  readonly strides: { readonly batch: number; readonly heads: number; readonly steps: number }
  readonly half: number
  readonly step: number
  readonly gap: number
}

function layoutOf({ attributes: own }: Pick<NodeView<Schema>, 'attributes'>, shape: readonly number[]): Layout {
  const is4d = shape.length === 4
  const heads = is4d ? shape[1]! : own.num_heads!
  const steps = is4d ? shape[2]! : shape[1]!
  const head = is4d ? shape[3]! : shape[2]! / heads
  const half = (own.rotary_embedding_dim || head) / 2
  return {
    sizes: { batch: shape[0]!, heads, steps, head },
    strides: { batch: heads * steps * head, heads: is4d ? steps * head : head, steps: is4d ? head : heads * head },
    half,
    ...(own.interleaved ? { step: 2, gap: 1 } : { step: 1, gap: half }),
  }
}

function checkHead(context: InferContext<Schema>, x: Dims): number | undefined {
  const { num_heads: heads, rotary_embedding_dim: declared } = context.attributes
  if (x.length !== 3 && x.length !== 4) context.fail('X must have three or four axes')
  if (x.length === 3 && (heads === undefined || heads < 1)) context.fail('three axes need num_heads')
  const last = x.at(-1)
  if (typeof last !== 'number') return declared === 0 ? undefined : declared
  const head = x.length === 4 ? last : last / heads!
  const turned = declared || head
  if (!Number.isInteger(head)) context.fail(`the ${last} numbers of X cannot be shared among ${heads} heads`)
  if (turned < 0 || turned > head || turned % 2 === 1)
    context.fail(`of ${head} numbers per head an even count can be turned, not ${turned}`)
  return turned
}

function checkCache(context: InferContext<Schema>, x: Dims, turned: number | undefined): void {
  const [batch, steps] = [x[0]!, x.length === 4 ? x[2]! : x[1]!]
  const positions = context.has(3) ? context.shape(3) : undefined
  if (positions && (positions.length !== 2 || [batch, steps].some((d, i) => mergeDims(d, positions[i]!) === undefined)))
    context.fail('position_ids must have one number per step of every batch entry')
  const half = turned === undefined ? null : turned / 2
  const wanted = context.has(3) ? [null, half] : [batch, steps, half]
  for (const [input, name] of [[1, 'cos_cache'] as const, [2, 'sin_cache'] as const]) {
    const shape = context.shape(input)
    const fits = shape?.length === wanted.length && wanted.every((dim, i) => mergeDims(dim, shape[i]!) !== undefined)
    if (shape && !fits) context.fail(`${name} must have the shape [${wanted.map((dim) => dim ?? '?').join(', ')}]`)
  }
}

/** A cache [B, S, half] with an axis for the heads: read at the positions where they are given. */
function cacheOf(context: LowerContext<Schema>, calls: KernelCall[], input: number, layout: Layout): Operand {
  const { batch, steps } = layout.sizes
  const is4d = context.input(0).shape.length === 4
  const output = context.scratch('float32', is4d ? [batch, 1, steps, layout.half] : [batch, steps, 1, layout.half])
  const cache = context.input(input)
  if (context.has(3)) {
    const shared = { outer: 1, size: cache.shape[0]!, count: batch * steps, inner: layout.half }
    calls.push({ kernel: 'gather', input: cache, indices: context.input(3), output, ...shared } satisfies GatherCall)
  } else calls.push({ kernel: 'alias', input: cache, output })
  return output
}

function lowerRotary(context: LowerContext<Schema>): readonly KernelCall[] | null {
  const [input, output] = [context.input(0), context.output(0)]
  const layout = layoutOf(context, input.shape)
  const { half, step, gap } = layout
  const { head, batch, heads, steps } = layout.sizes
  const count = batch * heads * steps
  if (input.dtype !== 'float32' || count * half === 0) return null
  const calls: KernelCall[] = []
  const caches = [cacheOf(context, calls, 1, layout), cacheOf(context, calls, 2, layout)]
  const halves = input.shape.length === 4 ? [batch, heads, steps, half] : [batch, steps, heads, half]
  const pairs = [0, gap].map((inputOffset) => {
    const part = context.scratch('float32', halves)
    const strides = { inputStrides: [head, step], outputStrides: [half, 1], inputOffset, outputOffset: 0 }
    calls.push({ kernel: 'copy', input, output: part, sizes: [count, half], ...strides })
    return part
  })
  const [a, b, cos, sin] = [0, 1, 2, 3].map((i) => ({ input: i })) as { input: number }[]
  const turned = [
    binary('sub', binary('mul', cos!, a!), binary('mul', sin!, b!)),
    binary('add', binary('mul', sin!, a!), binary('mul', cos!, b!)),
  ]
  turned.forEach((expression, i) => {
    const part = context.scratch('float32', halves)
    calls.push({ kernel: 'map', expression, inputs: [...pairs, ...caches], output: part })
    const strides = { inputStrides: [half, 1], outputStrides: [head, step], inputOffset: 0, outputOffset: i * gap }
    calls.push({ kernel: 'copy', input: part, output, sizes: [count, half], ...strides })
  })
  const rest = head - 2 * half
  if (rest > 0) {
    const strides = { inputStrides: [head, 1], outputStrides: [head, 1], inputOffset: 2 * half, outputOffset: 2 * half }
    calls.push({ kernel: 'copy', input, output, sizes: [count, rest], ...strides })
  }
  return calls
}

/**
 * Pairs (a, b) of every head become (cos·a − sin·b, sin·a + cos·b): turned by an angle that grows with the position.
 * X [B, heads, S, D] or [B, S, heads·D]; caches [positions, turned / 2] with position_ids [B, S], else [B, S, turned / 2].
 * Su et al., arXiv:2104.09864, equation 34.
 */
export const rotaryEmbedding = defineOperator({
  name: 'RotaryEmbedding',
  domain: '',
  attributes,
  inputs: [3, 4],
  infer(context) {
    requireKind(context, 0, 'float')
    const x = context.shape(0)
    if (x) checkCache(context, x, checkHead(context, x))
    return [{ dtype: context.dtype(0), shape: x }]
  },
  reference(context, x, cosCache, sinCache, positionIds) {
    const layout = layoutOf(context, x!.shape)
    const { sizes, strides, half, step, gap } = layout
    const positions = positionIds && integersOf(positionIds)
    const [values, cosines, sines] = [numbersOf(x!), numbersOf(cosCache!), numbersOf(sinCache!)]
    const result = context.empty(x!.dtype, x!.shape)
    result.values.set(values as never)
    for (let b = 0; b < sizes.batch; b++) {
      for (let s = 0; s < sizes.steps; s++) {
        const at = b * sizes.steps + s
        const row = positions ? positions[at]! : at
        if (positions && (row < 0 || row >= cosCache!.shape[0]!))
          context.fail(`the position ${row} must lie in [0, ${cosCache!.shape[0]! - 1}]`)
        for (let h = 0; h < sizes.heads; h++) {
          const start = b * strides.batch + h * strides.heads + s * strides.steps
          for (let i = 0; i < half; i++) {
            const [cos, sin] = [cosines[row * half + i]!, sines[row * half + i]!]
            const first = start + i * step
            const [p, q] = [values[first]!, values[first + gap]!]
            result.values[first] = cos * p - sin * q
            result.values[first + gap] = sin * p + cos * q
          }
        }
      }
    }
    return [result]
  },
  gradient: differentiable<Schema>(rotaryGradient),
  lower: lowerRotary,
  tolerance: FLOAT32,
})
