import type { KernelCall, Operand } from '../../backends/kernel-calls'
import { elementCount } from '../../core/dtypes'
import { hostArray, integersOf, isBig, numbersOf, type HostArray } from '../../core/host-array'
import type { Dim } from '../../graph/model'
import { choice } from '../attributes'
import { addDims, knownIntegers, sizesOf } from '../dims'
import { aliasCall, boxMove, copyCall, moveElements, type Move } from '../movement'
import { padGradient } from './gradient'
import { defineOperator, EXACT, differentiable, type InferContext, type LowerContext, type NodeView } from '../op'
import { around, forEachIndex, normalizeAxes, normalizeAxis, stridesOf, type Dims } from '../shapes'

const attributes = { mode: choice(['constant', 'reflect', 'edge', 'wrap'], 'constant') }
type Schema = typeof attributes
type Mode = 'reflect' | 'edge' | 'wrap'

/** Elements added before and after an axis; negative ones are cut off. */
interface Padding {
  readonly begin: number
  readonly end: number
}

/** Of every axis, from a list of all begins and then all ends. */
function paddingsOf<T extends Dim>(
  context: Pick<NodeView<Schema>, 'fail'>,
  rank: number,
  pads: readonly T[],
  axes: readonly number[] | undefined,
): { begin: T | 0; end: T | 0 }[] {
  const count = axes?.length ?? rank
  if (pads.length !== 2 * count) context.fail(`${2 * count} pads are needed for ${count} axes, not ${pads.length}`)
  const paddings = Array.from({ length: rank }, (): { begin: T | 0; end: T | 0 } => ({ begin: 0, end: 0 }))
  if (axes) normalizeAxes(context, axes, rank)
  for (let i = 0; i < count; i++) {
    const axis = axes ? normalizeAxis(context, axes[i] as number, rank) : i
    paddings[axis] = { begin: pads[i]!, end: pads[count + i]! }
  }
  return paddings
}

function inferShape(context: InferContext<Schema>): Dims | undefined {
  const shape = context.shape(0)
  if (!shape) return undefined
  const axes = context.has(3) ? knownIntegers(context, 3) : undefined
  const pads = sizesOf(context, 1)
  if (!pads || (context.has(3) && !axes)) return new Array<null>(shape.length).fill(null)
  return paddingsOf(context, shape.length, pads, axes).map(({ begin, end }, axis) => {
    const size = addDims(addDims(shape[axis]!, begin), end)
    if (typeof size === 'number' && size < 0) context.fail(`axis ${axis} would get the size ${size}`)
    const isAdded = (typeof begin === 'number' && begin > 0) || (typeof end === 'number' && end > 0)
    if (context.attributes.mode !== 'constant' && isAdded && shape[axis] === 0) {
      context.fail(`axis ${axis} has no elements to repeat`)
    }
    return size
  })
}

/** Input index of every output index of an axis. What is cut off takes no part in what is repeated. */
function sourcesOf(mode: Mode, size: number, { begin, end }: Padding): number[] {
  const first = Math.max(0, -begin)
  const count = size - first - Math.max(0, -end)
  const modulo = (a: number, b: number) => ((a % b) + b) % b
  const place: Record<Mode, (at: number) => number> = {
    edge: (at) => Math.min(Math.max(at, 0), count - 1),
    wrap: (at) => modulo(at, count),
    reflect(at) {
      const inPeriod = count === 1 ? 0 : modulo(at, 2 * (count - 1))
      return inPeriod < count ? inPeriod : 2 * (count - 1) - inPeriod
    },
  }
  const outside = Math.max(0, begin)
  return Array.from({ length: size + begin + end }, (_, at) => first + place[mode](at - outside))
}

/** The part of the input that stays, and where. */
function keptBox(shape: readonly number[], paddings: readonly Padding[], target: readonly number[]) {
  const starts = paddings.map(({ begin }) => Math.max(0, -begin))
  const sizes = shape.map((size, axis) => Math.max(0, size - starts[axis]! - Math.max(0, -paddings[axis]!.end)))
  const outputStarts = paddings.map(({ begin }) => Math.max(0, begin))
  return boxMove(sizes, { shape, starts }, { shape: target, starts: outputStarts })
}

/** Adds elements around an array: one value, its mirror image, its edges, or itself again (ONNX Pad). */
export const pad = defineOperator({
  name: 'Pad',
  domain: '',
  attributes,
  inputs: [2, 4],
  infer(context) {
    const dtype = context.dtype(0)
    if (context.has(2) && context.dtype(2) !== dtype) {
      context.fail(`the value must have the input's type ${dtype}, not ${context.dtype(2)}`)
    }
    return [{ dtype, shape: inferShape(context) }]
  },
  reference(context, x, pads, value, axes) {
    const { shape, values } = x!
    const paddings = paddingsOf(context, shape.length, integersOf(pads!), axes && integersOf(axes))
    const target = shape.map((size, axis) => size + paddings[axis]!.begin + paddings[axis]!.end)
    const result = context.empty(x!.dtype, target)
    const { mode } = context.attributes
    if (mode === 'constant') {
      if (value) (result.values as Float32Array).fill(value.values[0] as number)
      moveElements(x!, result, keptBox(shape, paddings, target))
      return [result]
    }
    const strides = stridesOf(shape)
    const made = stridesOf(target)
    const sources = shape.map((size, axis) => sourcesOf(mode, size, paddings[axis]!))
    forEachIndex(target, [], (position) => {
      const at = sources.reduce(
        (sum, source, axis) => sum + source[Math.floor(position / made[axis]!) % target[axis]!]! * strides[axis]!,
        0,
      )
      result.values[position] = values[at]!
    })
    return [result]
  },
  gradient: differentiable<typeof attributes>(padGradient),
  lower,
  tolerance: EXACT,
})

function lower(context: LowerContext<Schema>): readonly KernelCall[] | null {
  const [input, output] = [context.input(0), context.output(0)]
  const [pads, value, axes] = [context.constant(1), context.constant(2), context.constant(3)]
  if (!pads || (context.has(3) && !axes)) return null
  const paddings = paddingsOf(context, input.shape.length, integersOf(pads), axes && integersOf(axes))
  if (paddings.every(({ begin, end }) => begin === 0 && end === 0)) return [aliasCall(input, output)]
  const { mode } = context.attributes
  if (mode !== 'constant') return lowerRepeated(context, mode, paddings)
  const filled = context.has(2) ? fillOf(value) : 0
  const move = keptBox(input.shape, paddings, output.shape)
  const fill: KernelCall =
    filled === undefined ? everywhere(context.input(2), output) : { kernel: 'fill', output, value: filled }
  return elementCount(move.sizes) === 0 ? [fill] : [fill, copyCall(input, output, move)]
}

/** One element, whatever it is. */
const everywhere = (value: Operand, output: Operand): KernelCall =>
  copyCall(value, output, {
    ...{ sizes: [elementCount(output.shape)], inputStrides: [0], inputOffset: 0, outputStrides: [1], outputOffset: 0 },
  })

/** undefined: not known, or no number that a call can name. */
function fillOf(value: HostArray | undefined): number | undefined {
  const number = value && numbersOf(value)[0]
  if (value && isBig(value.dtype) && !Number.isSafeInteger(number)) return undefined
  return number
}

/** More runs than this along an axis are gathered. */
const MOST_RUNS = 8

/** Axis by axis: every run of indices that go up, down or stand still is one copy. */
function lowerRepeated(context: LowerContext<Schema>, mode: Mode, paddings: readonly Padding[]): readonly KernelCall[] {
  const changed = paddings.flatMap(({ begin, end }, axis) => (begin === 0 && end === 0 ? [] : [axis]))
  const calls: KernelCall[] = []
  let from: Operand = context.input(0)
  for (const axis of changed) {
    const sources = sourcesOf(mode, from.shape[axis]!, paddings[axis]!)
    const target = from.shape.with(axis, sources.length)
    const to = axis === changed.at(-1) ? context.output(0) : context.scratch(from.dtype, target)
    const runs = runsOf(sources)
    if (runs.length > MOST_RUNS) {
      const indices = context.store(hostArray('int64', [sources.length], sources))
      calls.push({
        ...{ kernel: 'gather', input: from, indices, output: to },
        ...{ ...around(from.shape, axis), count: sources.length },
      })
    } else calls.push(...runs.map((run) => copyCall(from, to, runMove(from.shape, target, axis, run))))
    from = to
  }
  return calls
}

function runMove(shape: readonly number[], target: readonly number[], axis: number, run: Run): Move {
  const zeros = target.map(() => 0)
  const steps = zeros.map((_, i) => (i === axis ? run.step : 1))
  const input = { shape, starts: zeros.with(axis, run.first), steps }
  return boxMove(target.with(axis, run.count), input, { shape: target, starts: zeros.with(axis, run.at) })
}

interface Run {
  readonly at: number
  count: number
  readonly first: number
  step: number
}

function runsOf(sources: readonly number[]): Run[] {
  const runs: Run[] = []
  sources.forEach((source, at) => {
    const last = runs.at(-1)
    const step = last ? source - (sources[at - 1] as number) : 0
    if (last && Math.abs(step) <= 1 && (last.count === 1 || step === last.step)) {
      last.count++
      last.step = step
    } else runs.push({ at, count: 1, first: source, step: 1 })
  })
  return runs
}
