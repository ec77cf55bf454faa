import { deviceLayout } from '../../../core/device-layout'
import { elementCount, type KnownDType } from '../../../core/dtypes'
import type { CopyCall, Operand } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Size, Storage } from '../dispatch'
import { deviceBytes } from '../elements'
import { wide } from './units'

interface Axis {
  readonly size: number
  readonly input: number
  readonly output: number
}

/** A copy of which every element of the output is named once: output strides are positive, longest first, and nest. */
interface Nest {
  readonly axes: readonly Axis[]
  readonly source: number
  readonly place: number
}

/**
 * Blocks of any strides. Elements that share words are written by word; where whole words, or four of
 * them, move, they move as one. Of operands that exceed a binding, what each part of the block touches is bound.
 */
export const copy: Kernel<CopyCall> = {
  splits: true,
  supports(call, facts) {
    const nest = sharesLayout(call) ? nestOf(call) : undefined
    return nest !== undefined && partsOf(call, nest, facts).length <= MOST_PARTS
  },
  encode: (call, facts) => partsOf(call, nestOf(call)!, facts).map((part) => encodePart(call, part)),
}

/** What is bound of an operand, beginning where a binding may. */
interface Bound {
  readonly from: number
  readonly count: number
}

interface Part extends Nest {
  /** Absent: the whole operands. */
  readonly bound?: { readonly input: Bound; readonly output: Bound }
}

const MOST_PARTS = 256

function partsOf(call: CopyCall, nest: Nest, { limits }: DeviceFacts): readonly Part[] {
  const most = limits.maxStorageBufferBindingSize
  const isSmall = ({ dtype, shape }: Operand) => deviceBytes(dtype, elementCount(shape)) <= most
  return isSmall(call.input) && isSmall(call.output) ? [nest] : cut(call.output.dtype, nest, most)
}

/** In halves along the axis that reaches farthest, until what a part touches fits a binding. */
function cut(dtype: KnownDType, nest: Nest, most: number): readonly Part[] {
  const { axes, source, place } = nest
  const { bits } = deviceLayout(dtype)!
  const start = 2048 / bits
  const boundOf = (first: number, steps: readonly number[]): Bound => {
    const low = steps.reduce((at, step) => at + Math.min(0, step), first)
    const high = steps.reduce((at, step) => at + Math.max(0, step), first)
    const from = low - (low % start)
    return { from, count: high - from + 1 }
  }
  const bound = {
    input: boundOf(
      source,
      axes.map((axis) => (axis.size - 1) * axis.input),
    ),
    output: boundOf(
      place,
      axes.map((axis) => (axis.size - 1) * axis.output),
    ),
  }
  const fits = Object.values(bound).every(({ count }) => (count * bits) / 8 <= most)
  if (fits) return [{ axes, source: source - bound.input.from, place: place - bound.output.from, bound }]
  const reach = axes.map(({ size, input, output }) => (size - 1) * Math.max(Math.abs(input), output))
  const axis = reach.indexOf(Math.max(...reach))
  const { size, ...steps } = axes[axis]!
  const half = Math.ceil(size / 2)
  const piece = (from: number, to: number): Nest => ({
    axes: axes.with(axis, { size: to - from, ...steps }),
    source: source + from * steps.input,
    place: place + from * steps.output,
  })
  return [...cut(dtype, piece(0, half), most), ...cut(dtype, piece(half, size), most)]
}

function encodePart(call: CopyCall, part: Part): Dispatch {
  const lanes = 32 / deviceLayout(call.output.dtype)!.bits
  for (const width of [4 * lanes, lanes]) {
    const units = unitsOf(part, width)
    if (units) return copyUnits(call, units, width)
  }
  return lanes > 1 ? copyPacked(call, part, lanes) : copyUnits(call, part, 1)
}

function sharesLayout({ input, output }: CopyCall): boolean {
  const [from, to] = [deviceLayout(input.dtype), deviceLayout(output.dtype)]
  return from !== undefined && to !== undefined && from.bits === to.bits && from.scalar === to.scalar
}

/** undefined where two indices name one element of the output. */
function nestOf({ sizes, inputStrides, outputStrides, inputOffset, outputOffset }: CopyCall): Nest | undefined {
  let [source, place] = [inputOffset, outputOffset]
  const axes: Axis[] = []
  sizes.forEach((size, i) => {
    const [input, output] = [inputStrides[i]!, outputStrides[i]!]
    if (size === 1 || (input === 0 && output === 0)) return
    if (output < 0) {
      source += (size - 1) * input
      place += (size - 1) * output
    }
    axes.push(output < 0 ? { size, input: -input, output: -output } : { size, input, output })
  })
  axes.sort((a, b) => b.output - a.output)
  let span = 0
  for (const { size, output } of axes.toReversed()) {
    if (output <= span) return undefined
    span += (size - 1) * output
  }
  return { axes: merged(axes), source, place }
}

/** Neighbours that continue each other as one axis. At least one axis stays. */
function merged(axes: readonly Axis[]): readonly Axis[] {
  const result: Axis[] = []
  for (const axis of axes) {
    const last = result.at(-1)
    const continues = last && last.input === axis.input * axis.size && last.output === axis.output * axis.size
    if (continues) result[result.length - 1] = { ...axis, size: axis.size * last.size }
    else result.push(axis)
  }
  return result.length > 0 ? result : [{ size: 1, input: 1, output: 1 }]
}

/** The same copy in units of `width` neighbouring elements, where only whole ones move. */
function unitsOf({ axes, source, place, bound }: Part, width: number): Part | undefined {
  const inner = axes.at(-1)!
  const isRun = inner.input === 1 && inner.output === 1
  const outer = axes
    .slice(0, -1)
    .map(({ size, input, output }) => ({ size, input: input / width, output: output / width }))
  const units = {
    axes: [...outer, { ...inner, size: inner.size / width }],
    source: source / width,
    place: place / width,
    ...(bound && { bound }),
  }
  const numbers = [units.source, units.place, ...units.axes.flatMap(({ size, input, output }) => [size, input, output])]
  return isRun && numbers.every(Number.isInteger) ? units : undefined
}

const storageOf = ({ input, output }: CopyCall, { bound }: Part, width: number): readonly Storage[] => [
  { ...wide('x', input, width), ...bound?.input },
  { ...wide('y', output, width), ...bound?.output },
]

/** Members of `sizes` with the number of the axis; lists would be indexed while the shader runs, which is slow. */
function axisSizes(axes: readonly Axis[], outputOf: (step: number) => Size): Record<string, Size> {
  const named = axes.flatMap(({ size, input, output }, axis): [string, Size][] => [
    [`extent${axis}`, size],
    [`input${axis}`, { i32: input }],
    [`output${axis}`, outputOf(output)],
  ])
  return Object.fromEntries(named)
}

const UNIT_AXIS = [
  '  let rest# = rest / sizes.extent#;',
  '  let index# = i32(rest - rest# * sizes.extent#);',
  '  source += index# * sizes.input#;',
  '  place += index# * sizes.output#;',
  '  rest = rest#;',
]
/** There is nothing to divide by on the first axis. */
const FIRST_UNIT_AXIS = ['  source += i32(rest) * sizes.input0;', '  place += i32(rest) * sizes.output0;']

const PACKED_AXIS = [
  '    let index# = rest / sizes.output#;',
  '    isNamed = isNamed && index# < sizes.extent#;',
  '    rest -= index# * sizes.output#;',
  '    source += i32(index#) * sizes.input#;',
]

const linesOf = (template: readonly string[], axis: number) => template.map((line) => line.replaceAll('#', `${axis}`))

function copyUnits(call: CopyCall, part: Part, width: number): Dispatch {
  const { axes, source, place } = part
  const inner = [...axes.keys()].slice(1).reverse()
  const lines = [...inner.flatMap((axis) => linesOf(UNIT_AXIS, axis)), ...FIRST_UNIT_AXIS]
  return {
    shader: 'copy',
    storage: storageOf(call, part, width),
    sizes: { source: { i32: source }, place: { i32: place }, ...axisSizes(axes, (step) => ({ i32: step })) },
    slots: { axes: lines.join('\n') },
    grid: { invocations: elementCount(axes.map(({ size }) => size)) },
  }
}

function copyPacked(call: CopyCall, part: Part, lanes: number): Dispatch {
  const { axes, source, place } = part
  const last = axes.reduce((at, axis) => at + (axis.size - 1) * axis.output, place)
  return {
    shader: 'copy-packed',
    storage: storageOf(call, part, 1),
    sizes: { source: { i32: source }, place, ...axisSizes(axes, (step) => step) },
    constants: { LANES: lanes },
    slots: { axes: axes.flatMap((_, axis) => linesOf(PACKED_AXIS, axis)).join('\n') },
    grid: { invocations: Math.floor(last / lanes) - Math.floor(place / lanes) + 1 },
  }
}
