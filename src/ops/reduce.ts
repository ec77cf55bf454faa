/** What the ten reductions have in common. */
import type { KernelCall, Operand, ReduceCall } from '../backends/kernel-calls'
import { bitsOf, elementCount, type KnownDType } from '../core/dtypes'
import { integersOf, isBig, isFloat, type HostArray } from '../core/host-array'
import { attribute, type Dim } from '../graph/model'
import { flag } from './attributes'
import { knownIntegers } from './dims'
import { isOfKind, requireKind, type Kind } from './dtype-kinds'
import { formulaFor } from './elementwise'
import type { Formula, Term } from './formula'
import { expandedLike, shapeOf, type GradientContext, type ValueName } from './gradient'
import { aliasCall } from './movement'
import {
  defineOperator,
  differentiable,
  FLOAT32,
  type InferContext,
  type LowerContext,
  type NodeView,
  type Operator,
  type Tolerance,
} from './op'
import { forEachIndex, normalizeAxes, stridesOf, type Dims } from './shapes'

const attributes = { keepdims: flag(true), noop_with_empty_axes: flag(false) }
type Schema = typeof attributes
type Context = Pick<NodeView<Schema>, 'attributes' | 'fail'>

export interface ReductionOptions {
  readonly name: string
  readonly kernel: ReduceCall['reduction']
  /** Element types it takes; default: float and integer. */
  readonly takes?: readonly Kind[]
  /** Of the elements of one line; none of them: what reducing an empty set yields. */
  readonly compute: (line: readonly number[]) => number
  /** For integers and bool, exactly; results wrap as the element type does. */
  readonly computeWhole?: (line: readonly bigint[], dtype: KnownDType, context: Context) => bigint
  /** Of a whole list of sizes, some of them symbols: where shape arithmetic uses the operator. */
  readonly dims?: (sizes: Dims) => Dim
  readonly gradient: ReductionGradient
  readonly tolerance?: Tolerance
}

/** dx from x, y and dy, whose reduced axes are kept with size 1: of the shape of x or repeated to it. */
export type ReductionGradient = (
  f: Formula,
  values: { x: ValueName; y: ValueName; dy: ValueName },
  lines: {
    /** Another reduction over the same axes, kept. */
    again(opType: string, value: ValueName): ValueName
    /** Elements of each line. */
    count(): Term
  },
) => ValueName

/** Elements that are the result share its gradient. */
export const sharedByLine: ReductionGradient = (f, { x, y, dy }, { again }) => {
  const hits = f.count(f.equal(x, y))
  return f.mul(hits, f.div(dy, again('ReduceSum', hits)))
}

/** y = reduction of x over some axes: all when none are given, unless `noop_with_empty_axes` (then each element alone). */
export function defineReduction(options: ReductionOptions): Operator<Schema> {
  return defineOperator<Schema>({
    name: options.name,
    domain: '',
    attributes,
    inputs: [1, 2],
    infer: (context) => [{ dtype: dtypeOf(context, options.takes), shape: inferShape(context) }],
    ...(options.dims && { inferDims: (context) => dimsOf(context, options.dims!) }),
    reference(context, x, axes) {
      const reduced = axesOf(context, x!.shape.length, axes && integersOf(axes))
      const result = context.empty(x!.dtype, keptShape(context, x!.shape, reduced))
      reduceLines(options, context, x!, result, reduced)
      return [result]
    },
    gradient: differentiable((context) => reductionGradient(context, options.gradient)),
    lower: (context) => lower(options, context),
    tolerance: options.tolerance ?? FLOAT32,
  })
}

function reductionGradient(context: GradientContext<Schema>, derive: ReductionGradient): readonly ValueName[] {
  const { write, attributes } = context
  const [x, gradient] = [context.input(0), context.gradient(0)]
  if (!gradient) return []
  const rank = shapeOf(context, x).length
  const given = context.has(1) && shapeOf(context, context.input(1))[0] !== 0 ? context.input(1) : undefined
  const isNothing = !given && attributes.noop_with_empty_axes
  const axes = given ?? write.integers(isNothing ? [] : Array.from({ length: rank }, (_, axis) => axis))
  const kept = (value: ValueName) => (attributes.keepdims || isNothing ? value : write.add('Unsqueeze', [value, axes]))
  const f = formulaFor(context, x)
  const dx = derive(
    f,
    { x, y: kept(context.output(0)), dy: kept(gradient) },
    {
      again: (opType, value) =>
        write.add(opType, [value, axes], [attribute.int('noop_with_empty_axes', isNothing ? 1 : 0)]),
      count: () => lineLength(context),
    },
  )
  return [expandedLike(context, dx, x)]
}

/** All elements by those of the result. */
function lineLength(context: GradientContext<Schema>): Term {
  const { write } = context
  const [x, y] = [context.input(0), context.output(0)]
  const [all, left] = [write.add('Size', [x]), write.add('Size', [y])]
  const [known, rest] = [write.known(all), write.known(left)]
  if (known && rest) return Number(known.values[0]) / Number(rest.values[0])
  return write.add('CastLike', [write.add('Div', [all, left]), x])
}

function dtypeOf(context: InferContext<Schema>, takes: readonly Kind[] = ['number']): KnownDType {
  const dtype = context.dtype(0)
  if (!takes.some((kind) => isOfKind(kind, dtype))) requireKind(context, 0, takes[0]!)
  return dtype
}

/** Axes that are reduced, ascending. */
function axesOf(context: Context, rank: number, given: readonly number[] | undefined): readonly number[] {
  if (given && given.length > 0) return normalizeAxes(context, given, rank)
  return context.attributes.noop_with_empty_axes ? [] : Array.from({ length: rank }, (_, axis) => axis)
}

function keptShape<T extends Dims[number]>(
  context: Context,
  shape: readonly T[],
  reduced: readonly number[],
): readonly (T | 1)[] {
  return context.attributes.keepdims
    ? shape.map((dim, axis) => (reduced.includes(axis) ? 1 : dim))
    : shape.filter((_, axis) => !reduced.includes(axis))
}

function inferShape(context: InferContext<Schema>): Dims | undefined {
  const shape = context.shape(0)
  const axes = context.has(1) ? knownIntegers(context, 1) : []
  if (shape && axes) return keptShape(context, shape, axesOf(context, shape.length, axes))
  const isWhole = axes?.length === 0 && !context.attributes.noop_with_empty_axes
  if (!shape) return isWhole && !context.attributes.keepdims ? [] : undefined
  return context.attributes.keepdims ? new Array<null>(shape.length).fill(null) : undefined
}

/** A list has one axis: it is reduced as a whole, or not at all. */
function dimsOf(context: InferContext<Schema>, combine: (sizes: Dims) => Dim): Dims | undefined {
  const sizes = context.dims(0)
  const axes = context.has(1) ? knownIntegers(context, 1) : []
  if (!sizes || !axes || context.shape(0)?.length !== 1) return undefined
  return axesOf(context, 1, axes).length === 1 ? [combine(sizes)] : sizes
}

function reduceLines(
  { compute, computeWhole }: ReductionOptions,
  context: Context,
  x: HostArray,
  result: HostArray,
  reduced: readonly number[],
): void {
  const strides = stridesOf(x.shape)
  const pick = (from: readonly number[], isReduced: boolean) =>
    from.filter((_, axis) => reduced.includes(axis) === isReduced)
  const isWhole = !isFloat(x.dtype)
  forEachIndex(pick(x.shape, false), [pick(strides, false)], (position, [start]) => {
    const line: (number | bigint)[] = []
    forEachIndex(pick(x.shape, true), [pick(strides, true)], (_, [at]) => {
      const value = x.values[start! + at!]!
      line.push(isWhole ? BigInt(value) : value)
    })
    if (!isWhole) result.values[position] = compute(line as number[])
    else {
      const value = computeWhole!(line as bigint[], x.dtype, context)
      // the lowest 32 bits hold those of every narrower type
      result.values[position] = isBig(x.dtype) ? value : Number(BigInt.asIntN(32, value))
    }
  })
}

/** Runs of neighbouring axes that are reduced or kept, sizes multiplied; axes of size 1 belong to either. */
function runsOf(shape: readonly number[], reduced: readonly number[]): { size: number; isReduced: boolean }[] {
  const runs: { size: number; isReduced: boolean }[] = []
  shape.forEach((size, axis) => {
    if (size === 1) return
    const isReduced = reduced.includes(axis)
    const last = runs.at(-1)
    if (last?.isReduced === isReduced) last.size *= size
    else runs.push({ size, isReduced })
  })
  return runs
}

/** Reductions that leave a single element as it is. */
const KEEPS_ONE = new Set<ReduceCall['reduction']>(['sum', 'mean', 'max', 'min', 'prod'])

/** What a reduction in several steps does at each: every one of them is the same applied again but for these. */
function stepOf(kernel: ReduceCall['reduction'], isFirst: boolean, isLast: boolean): ReduceCall['reduction'] {
  if (kernel === 'logSum' && !isLast) return 'sum'
  return (kernel === 'sumSquare' || kernel === 'l1') && !isFirst ? 'sum' : kernel
}

/** Of whole numbers they are not the same again: what was cut in one step is missing in the next. */
const IN_ONE_STEP = new Set<ReduceCall['reduction']>(['mean', 'l2'])

/**
 * One kernel call for each run of axes, the last run first: no run is ever transposed. Inputs without elements have no
 * such calls.
 * @param reduced axes, ascending; `output` holds what is left, whatever its shape
 * @returns null where no kernel does it
 */
export function reduceCalls(
  context: Pick<LowerContext<Schema>, 'scratch'>,
  reduction: ReduceCall['reduction'],
  [input, output]: readonly [Operand, Operand],
  reduced: readonly number[],
): KernelCall[] | null {
  const { shape, dtype } = input
  const runs = runsOf(shape, reduced)
  const steps = runs.filter(({ isReduced }) => isReduced).length
  let left = elementCount(shape)
  if (steps === 0) {
    if (KEEPS_ONE.has(reduction)) return [aliasCall(input, output)]
    return [{ kernel: 'reduce', reduction, input, output, outer: left, size: 1, inner: 1 }]
  }
  if (steps > 1 && dtype !== 'float32' && IN_ONE_STEP.has(reduction)) return null
  const calls: KernelCall[] = []
  let from = input
  let inner = 1
  let step = 0
  for (const { size, isReduced } of [...runs].reverse()) {
    if (!isReduced) {
      inner *= size
      continue
    }
    step++
    left /= size
    const target = step === steps ? output : context.scratch(dtype, [left])
    const part = stepOf(reduction, step === 1, step === steps)
    calls.push({ kernel: 'reduce', reduction: part, input: from, output: target, outer: left / inner, size, inner })
    from = target
  }
  return calls
}

/** Of no elements: what `compute` says, where the type can say it. */
function lowerEmpty({ kernel, compute, computeWhole }: ReductionOptions, context: LowerContext<Schema>) {
  const output = context.output(0)
  if (isFloat(output.dtype)) return [{ kernel: 'fill', output, value: compute([]) } as const]
  if (isBig(output.dtype) || kernel === 'mean') return null
  return [{ kernel: 'fill', output, value: Number(computeWhole!([], output.dtype, context)) } as const]
}

function lower(options: ReductionOptions, context: LowerContext<Schema>): readonly KernelCall[] | null {
  const [input, output] = [context.input(0), context.output(0)]
  if (isFloat(input.dtype) && input.dtype !== 'float32') return null
  const given = context.constant(1)
  if (context.has(1) && !given) return null
  const { shape } = input
  if (elementCount(shape) === 0) return lowerEmpty(options, context)
  const reduced = axesOf(context, shape.length, given && integersOf(given))
  return reduceCalls(context, options.kernel, [input, output], reduced)
}

/** The least value of an integer type or bool. */
export const lowestOf = (dtype: KnownDType): bigint =>
  dtype === 'bool' || dtype.startsWith('uint') ? 0n : -(2n ** BigInt(bitsOf(dtype)! - 1))

/** The greatest. */
export const highestOf = (dtype: KnownDType): bigint =>
  dtype === 'bool' ? 1n : 2n ** BigInt(bitsOf(dtype)! - (dtype.startsWith('uint') ? 0 : 1)) - 1n

export const sum = (line: readonly number[]): number => line.reduce((total, x) => total + x, 0)
export const sumWhole = (line: readonly bigint[]): bigint => line.reduce((total, x) => total + x, 0n)
export const absolute = (x: bigint): bigint => (x < 0n ? -x : x)
