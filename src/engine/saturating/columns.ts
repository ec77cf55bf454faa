import type { Columns } from '../../backends/pair-sums'
import { elementCount } from '../../core/dtypes'
import { stridesOf } from '../../ops/shapes'
import type { SpatialAxis } from '../../ops/spatial'
import { tapsOf } from '../../ops/spatial'

/** Where a convolution's activations lie in a padded picture [channels, …padded sizes]; the same for every picture. */
export interface ConvPlan {
  readonly axes: readonly SpatialAxis[]
  readonly channels: number
  readonly padded: readonly number[]
  readonly starts: Int32Array
  readonly offsets: Int32Array
}

/** Channels stand next to each other in the depth, kernel places outside: kh · kw · C. */
export function planConv(axes: readonly SpatialAxis[], channels: number): ConvPlan {
  const padded = axes.map(({ input, padBegin, padEnd }) => input + padBegin + padEnd)
  const strides = stridesOf(padded)
  const plane = elementCount(padded)
  const taps = tapsOf(axes)
  const offsets = new Int32Array(taps.length * channels)
  for (const { index, offsets: at } of taps) {
    const place = at.reduce((sum, offset, axis) => sum + offset * strides[axis]!, 0)
    for (let c = 0; c < channels; c++) offsets[index * channels + c] = c * plane + place
  }
  const outputs = axes.map(({ output }) => output)
  const steps = stridesOf(outputs)
  const starts = Int32Array.from({ length: elementCount(outputs) }, (_, place) =>
    axes.reduce(
      (sum, { stride, output }, axis) => sum + (Math.floor(place / steps[axis]!) % output) * stride * strides[axis]!,
      0,
    ),
  )
  return { axes, channels, padded, starts, offsets }
}

/** The channels of one group of one picture, with a border of zero points. */
export function convColumns(
  { axes, channels, padded, starts, offsets }: ConvPlan,
  picture: Uint8Array,
  zero: number,
): Columns {
  if (axes.every(({ padBegin, padEnd }) => padBegin + padEnd === 0)) return { source: picture, starts, offsets }
  const source = new Uint8Array(channels * elementCount(padded)).fill(zero)
  const width = axes.at(-1)!.input
  const strides = stridesOf(padded)
  const outer = axes.slice(0, -1)
  const rows = elementCount(outer.map(({ input }) => input))
  const steps = stridesOf(outer.map(({ input }) => input))
  const first = axes.at(-1)!.padBegin
  for (let c = 0; c < channels; c++) {
    for (let row = 0; row < rows; row++) {
      const at = outer.reduce(
        (sum, { input, padBegin }, axis) =>
          sum + ((Math.floor(row / steps[axis]!) % input) + padBegin) * strides[axis]!,
        c * elementCount(padded) + first,
      )
      const from = (c * rows + row) * width
      source.set(picture.subarray(from, from + width), at)
    }
  }
  return { source, starts, offsets }
}

/** Rows of a matrix [places, depth]. */
export function rowColumns(source: Uint8Array, depth: number): Columns {
  return {
    source,
    starts: Int32Array.from({ length: source.length / depth }, (_, row) => row * depth),
    offsets: Int32Array.from({ length: depth }, (_, k) => k),
  }
}
