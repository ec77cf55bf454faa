/** What poolings share: attributes, shape rule, lowering. */
import type { Operand, PoolCall } from '../backends/kernel-calls'
import { elementCount } from '../core/dtypes'
import { numbersOf, type HostArray } from '../core/host-array'
import * as a from './attributes'
import type { AttributeSchema, Attributes } from './attributes'
import type { InferContext, NodeView, TensorType } from './op'
import { AUTO_PADS, forEachWindow, outputDims, windowsOf, type SpatialAxis, type SpatialOptions } from './spatial'

export const poolAttributes = {
  auto_pad: a.choice(AUTO_PADS, 'NOTSET'),
  ceil_mode: a.flag(false),
  dilations: a.optional(a.ints()),
  kernel_shape: a.ints(),
  pads: a.optional(a.ints()),
  strides: a.optional(a.ints()),
}

type PoolValues = Attributes<typeof poolAttributes>
type PoolContext = Pick<NodeView<AttributeSchema>, 'fail'> & { readonly attributes: PoolValues }

const optionsOf = ({ attributes }: PoolContext): SpatialOptions => ({
  kernel: attributes.kernel_shape,
  strides: attributes.strides,
  dilations: attributes.dilations,
  pads: attributes.pads,
  autoPad: attributes.auto_pad,
  isCeil: attributes.ceil_mode,
})

/** [N, C, …] → [N, C, …smaller]. */
export function inferPool<S extends AttributeSchema>(context: InferContext<S> & PoolContext): TensorType {
  const x = context.shape(0)
  if (!x) return { dtype: context.dtype(0), shape: undefined }
  if (x.length < 3) context.fail('the input must be [N, C, …] with at least one spatial axis')
  return { dtype: context.dtype(0), shape: [...x.slice(0, 2), ...outputDims(context, x.slice(2), optionsOf(context))] }
}

export const poolWindows = (context: PoolContext, shape: readonly number[]): SpatialAxis[] =>
  windowsOf(context, shape.slice(2), optionsOf(context))

/**
 * Computes every window of every channel.
 * @param reduce takes the values inside, their flat places in the channel, and how many places the window has before the
 * padding at the end ends
 */
export function poolWith(
  x: HostArray,
  axes: readonly SpatialAxis[],
  result: HostArray,
  reduce: (
    values: readonly number[],
    places: readonly number[],
    whole: number,
    target: number,
    plane: number,
  ) => number,
): void {
  const inSize = elementCount(axes.map(({ input }) => input))
  const outSize = elementCount(axes.map(({ output }) => output))
  const numbers = numbersOf(x)
  const planes = elementCount(x.shape.slice(0, 2))
  for (let plane = 0; plane < planes; plane++) {
    let values: number[] = []
    let places: number[] = []
    let whole = 0
    forEachWindow(axes, {
      begin(_, starts) {
        ;[values, places] = [[], []]
        whole = axes.reduce((product, axis, i) => product * countedPlaces(axis, starts[i] as number), 1)
      },
      visit(input) {
        values.push(numbers[plane * inSize + input] as number)
        places.push(input)
      },
      end: (place) => {
        result.values[plane * outSize + place] = reduce(values, places, whole, plane * outSize + place, plane)
      },
    })
  }
}

/** The place of the largest in a list, the first of equals; NaN is larger than all. */
export function largestOf(values: readonly number[]): number {
  let best = 0
  for (let i = 1; i < values.length; i++) {
    if (values[i]! > values[best]! || Number.isNaN(values[i])) best = i
  }
  return best
}

/** What the mean of each window of a plane is divided by: elements inside, or with the padding. */
export function countsOf(axes: readonly SpatialAxis[], countsPadding: boolean): number[] {
  const counts: number[] = []
  forEachWindow(axes, {
    begin: (_, starts) =>
      void counts.push(
        countsPadding ? axes.reduce((product, axis, i) => product * countedPlaces(axis, starts[i] as number), 1) : 0,
      ),
    visit: () => void (countsPadding || counts[counts.length - 1]!++),
  })
  return counts
}

function countedPlaces({ input, padEnd, kernel, dilation }: SpatialAxis, start: number): number {
  let count = 0
  for (let tap = 0; tap < kernel; tap++) if (start + tap * dilation < input + padEnd) count++
  return count
}

/** @returns null where means or norms of another type than float32 are asked for */
export function poolCall(
  what: Pick<PoolCall, 'type' | 'norm'> & { readonly countsPadding?: boolean },
  input: Operand,
  output: Operand,
  axes: readonly SpatialAxis[],
): PoolCall | null {
  if ((what.type !== 'max' && input.dtype !== 'float32') || axes.length > 3) return null
  const planes = elementCount(input.shape.slice(0, 2))
  const padEnds = axes.map(({ padEnd }) => padEnd)
  return { kernel: 'pool', countsPadding: false, ...what, padEnds, input, output, planes, axes }
}
