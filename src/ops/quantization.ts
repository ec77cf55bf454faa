/** What QuantizeLinear and DequantizeLinear share: which scale belongs to which element. */
import type { KernelCall, Operand } from '../backends/kernel-calls'
import type { KnownDType } from '../core/dtypes'
import type { AttributeSchema } from './attributes'
import type { InferContext, LowerContext } from './op'
import { around, isKnown, normalizeAxis, type Dims } from './shapes'

/** One scale for all; one per index of an axis; one per `size` neighbours along an axis. */
export type Granularity =
  | { readonly by: 'tensor' }
  | { readonly by: 'axis'; readonly axis: number }
  | { readonly by: 'block'; readonly axis: number; readonly size: number }

interface Given {
  readonly axis: number
  readonly block_size: number
}

/** From shapes that are known to fit. */
export function granularityOf(
  x: readonly number[],
  scale: readonly number[],
  { axis, block_size }: Given,
): Granularity {
  const from = axis < 0 ? axis + x.length : axis
  if (block_size > 0) return { by: 'block', axis: from, size: block_size }
  const isOne = scale.length === 0 || (scale.length === 1 && scale[0] === 1)
  return isOne ? { by: 'tensor' } : { by: 'axis', axis: from }
}

/** Checks the shapes of scale (input 1) and zero point (input 2) against x; what is not known fits. */
export function checkScale<S extends AttributeSchema>(context: InferContext<S>, given: Given): void {
  const [x, scale] = [context.shape(0), context.shape(1)]
  if (scale && context.has(2)) checkZeroPoint(context, scale)
  if (given.block_size < 0) context.fail(`block_size ${given.block_size} must not be negative`)
  if (!x || !scale) return
  if (given.block_size > 0) return checkBlocks(context, x, scale, given)
  if (scale.length > 1) context.fail('without block_size the scale must be a scalar or a list')
  if (scale.length === 0 || scale[0] === 1) return
  const size = x[normalizeAxis(context, given.axis, x.length)]
  if (isKnown([size!, scale[0]!]) && size !== scale[0])
    context.fail(`the scale has ${scale[0]} elements, and axis ${given.axis} of x has ${size}`)
}

function checkBlocks<S extends AttributeSchema>(context: InferContext<S>, x: Dims, scale: Dims, given: Given): void {
  const axis = normalizeAxis(context, given.axis, x.length)
  const wanted = x.map((dim, i) => (i === axis && typeof dim === 'number' ? Math.ceil(dim / given.block_size) : dim))
  const fits = (dim: Dims[number], i: number) => !isKnown([dim, wanted[i]!]) || dim === wanted[i]
  if (scale.length !== x.length || !scale.every(fits))
    context.fail(`with blocks of ${given.block_size} along axis ${given.axis} the scale must be [${wanted.join(', ')}]`)
}

function checkZeroPoint<S extends AttributeSchema>(context: InferContext<S>, scale: Dims): void {
  const zero = context.shape(2)
  if (!zero) return
  const mayBeOne = (shape: Dims) =>
    shape.length === 0 || (shape.length === 1 && (typeof shape[0] !== 'number' || shape[0] === 1))
  const fits = (dim: Dims[number], i: number) => !isKnown([dim, scale[i]!]) || dim === scale[i]
  const areSame = zero.length === scale.length && zero.every(fits)
  if (!areSame && !(mayBeOne(zero) && mayBeOne(scale))) context.fail('scale and zero point must have one shape')
}

/** Calls `visit` with the place of every element of x and of its scale. */
export function forEachScale(
  shape: readonly number[],
  granularity: Granularity,
  visit: (position: number, scale: number) => void,
): void {
  const { outer, size, inner } = around(shape, granularity.by === 'tensor' ? 0 : granularity.axis)
  const blocks = granularity.by === 'block' ? Math.ceil(size / granularity.size) : 0
  const scaleOf = (o: number, c: number, i: number): number => {
    if (granularity.by === 'tensor') return 0
    return granularity.by === 'axis' ? c : (o * blocks + Math.floor(c / granularity.size)) * inner + i
  }
  let position = 0
  for (let o = 0; o < outer; o++)
    for (let c = 0; c < size; c++) for (let i = 0; i < inner; i++) visit(position++, scaleOf(o, c, i))
}

/** Sizes of a kernel call: one scale per channel, or per block of channels where blocks are no rows. */
export function channelsOf(
  shape: readonly number[],
  granularity: Granularity,
): { outer: number; channels: number; inner: number; block?: number } {
  const { outer, size, inner } = around(shape, granularity.by === 'tensor' ? 0 : granularity.axis)
  if (granularity.by === 'tensor') return { outer: 1, channels: 1, inner: outer * size * inner }
  if (granularity.by === 'axis') return { outer, channels: size, inner }
  const isEven = inner === 1 && size % granularity.size === 0
  if (isEven) return { outer: 1, channels: (outer * size) / granularity.size, inner: granularity.size }
  return { outer, channels: size, inner, block: granularity.size }
}

/**
 * An input as a call reads it: rounded to its own type where machines keep wider values between nodes, then to `to`.
 * `calls` do that.
 */
export function roundedInput<S extends AttributeSchema>(
  context: LowerContext<S>,
  index: number,
  to?: KnownDType,
): { operand: Operand; calls: readonly KernelCall[] } {
  let operand = context.input(index)
  const own = context.dtype(index)
  const isUnrounded = operand.dtype !== own && !context.constant(index)
  const types = [...(isUnrounded ? [own] : []), ...(to && to !== own ? [to] : [])]
  const calls = types.map((type): KernelCall => {
    const output = context.scratch('float32', operand.shape)
    const call = {
      kernel: 'cast',
      input: operand,
      output,
      rounds: { to: type, saturates: true, rounding: 'up' },
    } as const
    operand = output
    return call
  })
  return { operand, calls }
}

/** An element type given as an attribute; the number 0 means none. */
export const given = (dtype: KnownDType | undefined): KnownDType | undefined =>
  dtype === 'undefined' ? undefined : dtype
