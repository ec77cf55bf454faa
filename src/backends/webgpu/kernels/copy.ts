import { deviceLayout } from '../../../core/device-layout'
import { elementCount, type KnownDType } from '../../../core/dtypes'
import type { CopyCall, Operand } from '../../kernel-calls'
import type { DeviceFacts, Dispatch, Kernel, Storage } from '../dispatch'
import { deviceBytes } from '../elements'

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
 * Blocks of any strides. Elements that share words are written by word; where whole words (or vectors of four float32)
 * move, they move as one. Of operands that exceed a binding, what each part of the block touches is bound.
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
  const { bits, scalar } = deviceLayout(call.output.dtype)!
  const lanes = 32 / bits
  if (lanes > 1) {
    const words = unitsOf(part, lanes)
    return words ? copyUnits(call, words) : copyPacked(call, part, lanes)
  }
  const vectors = scalar === 'f32' ? unitsOf(part, 4) : undefined
  return vectors ? copyUnits(call, vectors, 4) : copyUnits(call, part)
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

const listsOf = (axes: readonly Axis[]) => ({
  extents: { list: axes.map(({ size }) => size) },
  inputStrides: { signedList: axes.map(({ input }) => input) },
})

function storageOf({ input, output }: CopyCall, { bound }: Part, vector?: 4): readonly Storage[] {
  const asVector = vector && { vector }
  return [
    { name: 'x', of: input, ...bound?.input, ...asVector },
    { name: 'y', of: output, ...bound?.output, ...asVector },
  ]
}

function copyUnits(call: CopyCall, part: Part, vector?: 4): Dispatch {
  const { axes, source, place } = part
  return {
    shader: 'copy',
    storage: storageOf(call, part, vector),
    sizes: {
      source: { i32: source },
      place: { i32: place },
      ...listsOf(axes),
      outputStrides: { signedList: axes.map((axis) => axis.output) },
    },
    constants: { RANK: axes.length },
    grid: { invocations: elementCount(axes.map(({ size }) => size)) },
  }
}

function copyPacked(call: CopyCall, part: Part, lanes: number): Dispatch {
  const { axes, source, place } = part
  const last = axes.reduce((at, axis) => at + (axis.size - 1) * axis.output, place)
  return {
    shader: 'copy-packed',
    storage: storageOf(call, part),
    sizes: {
      source: { i32: source },
      place,
      ...listsOf(axes),
      outputStrides: { list: axes.map((axis) => axis.output) },
    },
    constants: { RANK: axes.length, LANES: lanes },
    grid: { invocations: Math.floor(last / lanes) - Math.floor(place / lanes) + 1 },
  }
}
