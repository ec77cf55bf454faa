import { integersOf } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import { knownIntegers } from '../dims'
import { boxMove, copyOrAlias, moveElements } from '../movement'
import { sliceGradient } from './gradient'
import { defineOperator, EXACT, differentiable, type InferContext, type NodeView } from '../op'
import { normalizeAxis, type Dims } from '../shapes'

type None = Record<never, never>

/** start, start + step, …: `count` indices of one axis. */
interface Cut {
  readonly start: number
  readonly step: number
  readonly count: number
}

/** Bounds counted from the end where negative, and clamped (ONNX Slice: one before the first when it goes backwards). */
function cutOf(size: number, start: number, end: number, step: number): Cut {
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1]
  const place = (at: number, least: number) => Math.min(Math.max(at < 0 ? at + size : at, least), high)
  const [from, to] = [place(start, 0), place(end, low)]
  return { start: from, step, count: Math.max(0, Math.ceil((to - from) / step)) }
}

/** Cuts of every axis of an array. */
function cutsOf(
  context: Pick<NodeView<None>, 'fail'>,
  shape: readonly number[],
  [starts, ends, axes, steps]: readonly (readonly number[] | undefined)[],
): Cut[] {
  const cuts = shape.map((count): Cut => ({ start: 0, step: 1, count }))
  starts!.forEach((start, i) => {
    const axis = axes ? normalizeAxis(context, axes[i] as number, shape.length) : i
    cuts[axis] = cutOf(shape[axis] as number, start, ends![i] as number, steps?.[i] ?? 1)
  })
  return cuts
}

/** From here on an end means "to the last". */
const ENDLESS = 2 ** 31 - 1

/** The size of one axis of which something may not be known. */
function cutDim(size: Dim, start: Dim, end: Dim, step: Dim): Dim {
  if (typeof step !== 'number' || typeof start !== 'number') return null
  if (typeof size === 'number') return typeof end === 'number' ? cutOf(size, start, end, step).count : null
  const isToLast = typeof end === 'number' ? end >= ENDLESS : end === size
  // anything else may be clamped
  return start === 0 && step === 1 && isToLast ? size : null
}

function inferShape(context: InferContext<None>): Dims | undefined {
  const shape = context.shape(0)
  if (!shape) return undefined
  const lengths = [1, 2, 3, 4].filter((i) => context.has(i)).map((i) => context.shape(i)?.[0])
  const given = lengths.filter((length) => typeof length === 'number')
  const odd = given.find((length) => length !== given[0])
  if (odd !== undefined) context.fail(`starts, ends, axes and steps have ${given.join(', ')} entries`)
  const axes = context.has(3)
    ? knownIntegers(context, 3)
    : given[0] !== undefined && Array.from({ length: given[0] }, (_, i) => i)
  if (!axes) return new Array<null>(shape.length).fill(null)
  const result = [...shape]
  const seen = new Set<number>()
  axes.forEach((named, i) => {
    const axis = normalizeAxis(context, named, shape.length)
    if (seen.has(axis)) context.fail(`axis ${axis} is named twice`)
    seen.add(axis)
    const at = (input: number): Dim => context.dims(input)?.[i] ?? null
    const step = context.has(4) ? at(4) : 1
    if (step === 0) context.fail(`the step of axis ${axis} is 0`)
    result[axis] = cutDim(shape[axis]!, at(1), at(2), step)
  })
  return result
}

/** x[start : end : step] along some axes, as Python cuts lists; steps may be negative. */
export const slice = defineOperator({
  name: 'Slice',
  domain: '',
  attributes: {},
  inputs: [3, 5],
  infer: (context) => [{ dtype: context.dtype(0), shape: inferShape(context) }],
  inferDims(context) {
    const dims = context.dims(0)
    const given = [1, 2, 3, 4].map((i) => (context.has(i) ? knownIntegers(context, i) : undefined))
    if (!dims || context.shape(0)?.length !== 1 || [1, 2, 3, 4].some((i) => context.has(i) && !given[i - 1])) {
      return undefined
    }
    const [cut] = cutsOf(context, [dims.length], given)
    return Array.from({ length: cut!.count }, (_, i) => dims[cut!.start + i * cut!.step]!)
  },
  reference(context, x, ...bounds) {
    const cuts = cutsOf(
      context,
      x!.shape,
      bounds.map((one) => one && integersOf(one)),
    )
    const shape = cuts.map(({ count }) => count)
    const result = context.empty(x!.dtype, shape)
    moveElements(x!, result, moveOf(x!.shape, cuts))
    return [result]
  },
  gradient: differentiable(sliceGradient),
  lower(context) {
    const [input, output] = [context.input(0), context.output(0)]
    const bounds = [1, 2, 3, 4].map((i) => (context.has(i) ? context.constant(i) : undefined))
    if (bounds.some((one, i) => context.has(i + 1) && !one)) return null
    const cuts = cutsOf(
      context,
      input.shape,
      bounds.map((one) => one && integersOf(one)),
    )
    return [copyOrAlias(input, output, moveOf(input.shape, cuts))]
  },
  tolerance: EXACT,
})

function moveOf(shape: readonly number[], cuts: readonly Cut[]) {
  const sizes = cuts.map(({ count }) => count)
  const starts = cuts.map(({ start }) => start)
  const steps = cuts.map(({ step }) => step)
  return boxMove(sizes, { shape, starts, steps }, { shape: sizes, starts: sizes.map(() => 0) })
}
