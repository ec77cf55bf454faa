import type { KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { integersOf } from '../../core/host-array'
import { choice, int } from '../attributes'
import { boxMove, copyCall, moveElements, type Move } from '../movement'
import { tensorScatterGradient } from './gradient'
import { defineOperator, EXACT, differentiable, type LowerContext, type NodeView } from '../op'
import { copyOf } from '../scatter'
import { mergeDims, normalizeAxis, stridesOf } from '../shapes'

const attributes = { axis: int(-2), mode: choice(['linear', 'circular'], 'linear') }
type Context = Pick<NodeView<typeof attributes>, 'attributes' | 'fail'>

function axisOf(context: Context, rank: number): number {
  const axis = normalizeAxis(context, context.attributes.axis, rank)
  return axis > 0 ? axis : context.fail('axis 0 is the batch and cannot be the sequence')
}

/** Where the update of each batch entry goes: one block, or two where it runs over the end and starts again. */
function movesOf(
  context: Context,
  cache: readonly number[],
  update: readonly number[],
  writes: readonly number[] | undefined,
): Move[] {
  const axis = axisOf(context, cache.length)
  const [most, length] = [cache[axis] as number, update[axis] as number]
  const zeros = cache.map(() => 0)
  return Array.from({ length: cache[0]! }, (_, batch) => batch).flatMap((batch) => {
    const at = writes?.[batch] ?? 0
    const isCircular = context.attributes.mode === 'circular'
    if (at < 0 || (!isCircular && at + length > most)) {
      context.fail(`${length} entries written at ${at} do not fit ${most}`)
    }
    const start = isCircular ? at % most : at
    const first = Math.min(length, most - start)
    const block = (from: number, to: number, count: number): Move[] => {
      const sizes = update.with(axis, count).with(0, 1)
      const input = { shape: update, starts: zeros.with(axis, from).with(0, batch) }
      const output = { shape: cache, starts: zeros.with(axis, to).with(0, batch) }
      return elementCount(sizes) === 0 ? [] : [boxMove(sizes, input, output)]
    }
    return [...block(0, start, first), ...block(first, 0, length - first)]
  })
}

/** Batches of more entries would become too many calls. */
const MOST_COPIES = 64

/** A cache [batch, …, longest, …] with new entries written along the sequence axis at an index per batch entry. */
export const tensorScatter = defineOperator({
  name: 'TensorScatter',
  domain: '',
  attributes,
  inputs: [2, 3],
  infer(context) {
    const [cache, update] = [context.shape(0), context.shape(1)]
    if (context.dtype(0) !== context.dtype(1)) {
      context.fail(`both inputs must have one type, not ${context.dtype(0)} and ${context.dtype(1)}`)
    }
    if (cache && update) {
      const axis = axisOf(context, cache.length)
      if (cache.length !== update.length) context.fail(`the ranks ${cache.length} and ${update.length} differ`)
      cache.forEach((dim, i) => {
        const own = update[i]!
        const isLonger = typeof own === 'number' && typeof dim === 'number' && own > dim
        const fits = i === axis ? !isLonger : mergeDims(dim, own) !== undefined
        if (!fits) context.fail(`the size ${own} of axis ${i} does not fit ${dim}`)
      })
    }
    return [{ dtype: context.dtype(0), shape: cache }]
  },
  reference(context, cache, update, writes) {
    const result = copyOf(cache!)
    for (const move of movesOf(context, cache!.shape, update!.shape, writes && integersOf(writes))) {
      moveElements(update!, result, move)
    }
    return [result]
  },
  gradient: differentiable<typeof attributes>(tensorScatterGradient),
  lower(context) {
    const [cache, update, output] = [context.input(0), context.input(1), context.output(0)]
    const writes = context.constant(2)
    const starts = context.has(2) ? context.input(2) : undefined
    if (starts && !writes) return [insertCall(context, starts)]
    const moves = movesOf(context, cache.shape, update.shape, writes && integersOf(writes))
    if (moves.length > MOST_COPIES) return starts ? [insertCall(context, starts)] : null
    const strides = stridesOf(cache.shape)
    const whole = { inputStrides: strides, inputOffset: 0, outputStrides: strides, outputOffset: 0 }
    return [
      copyCall(cache, output, { sizes: cache.shape, ...whole }),
      ...moves.map((move) => copyCall(update, output, move)),
    ]
  },
  tolerance: EXACT,
})

function insertCall(context: LowerContext<typeof attributes>, starts: Operand): KernelCall {
  const [input, updates, output] = [context.input(0), context.input(1), context.output(0)]
  const axis = axisOf(context, input.shape.length)
  return {
    ...{ kernel: 'insert', input, updates, starts, output, isCircular: context.attributes.mode === 'circular' },
    ...{ batch: input.shape[0]!, outer: elementCount(input.shape.slice(1, axis)), size: input.shape[axis]! },
    ...{ length: updates.shape[axis]!, inner: elementCount(input.shape.slice(axis + 1)) },
  }
}
