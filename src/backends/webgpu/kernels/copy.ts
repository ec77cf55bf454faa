import { deviceLayout } from '../../../core/device-layout'
import { elementCount } from '../../../core/dtypes'
import type { CopyCall } from '../../kernel-calls'
import type { Dispatch, Kernel } from '../dispatch'

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
 * move, they move as one.
 */
export const copy: Kernel<CopyCall> = {
  supports: (call) => sharesLayout(call) && nestOf(call) !== undefined,
  encode(call) {
    const nest = nestOf(call)!
    const { bits, scalar } = deviceLayout(call.output.dtype)!
    const lanes = 32 / bits
    if (lanes > 1) {
      const words = unitsOf(nest, lanes)
      return [words ? copyUnits(call, words) : copyPacked(call, nest, lanes)]
    }
    const vectors = scalar === 'f32' ? unitsOf(nest, 4) : undefined
    return [vectors ? copyUnits(call, vectors, 4) : copyUnits(call, nest)]
  },
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
function unitsOf({ axes, source, place }: Nest, width: number): Nest | undefined {
  const inner = axes.at(-1)!
  const isRun = inner.input === 1 && inner.output === 1
  const outer = axes
    .slice(0, -1)
    .map(({ size, input, output }) => ({ size, input: input / width, output: output / width }))
  const units = {
    axes: [...outer, { ...inner, size: inner.size / width }],
    source: source / width,
    place: place / width,
  }
  const numbers = [units.source, units.place, ...units.axes.flatMap(({ size, input, output }) => [size, input, output])]
  return isRun && numbers.every(Number.isInteger) ? units : undefined
}

const listsOf = (axes: readonly Axis[]) => ({
  extents: { list: axes.map(({ size }) => size) },
  inputStrides: { signedList: axes.map(({ input }) => input) },
})

function copyUnits({ input, output }: CopyCall, { axes, source, place }: Nest, vector?: 4): Dispatch {
  const asVector = vector && { vector }
  return {
    shader: 'copy',
    storage: [
      { name: 'x', of: input, ...asVector },
      { name: 'y', of: output, ...asVector },
    ],
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

function copyPacked({ input, output }: CopyCall, { axes, source, place }: Nest, lanes: number): Dispatch {
  const last = axes.reduce((at, axis) => at + (axis.size - 1) * axis.output, place)
  return {
    shader: 'copy-packed',
    storage: [
      { name: 'x', of: input },
      { name: 'y', of: output },
    ],
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
