/** Cells of boxes laid over images: points interpolated in them (ONNX RoiAlign-22), elements in them (MaxRoiPool-22). */
import type { RoiCall } from '../backends/kernel-calls'
import * as a from './attributes'
import type { Attributes } from './attributes'

export type Interpolation = Pick<RoiCall, 'scale' | 'points' | 'isHalfPixel'>

export const roiAlignAttributes = {
  coordinate_transformation_mode: a.choice(['half_pixel', 'output_half_pixel'], 'half_pixel'),
  mode: a.choice(['avg', 'max'], 'avg'),
  output_height: a.int(1),
  output_width: a.int(1),
  sampling_ratio: a.int(0),
  spatial_scale: a.float(1),
}

export const interpolationOf = ({
  attributes,
}: {
  readonly attributes: Attributes<typeof roiAlignAttributes>
}): Interpolation => ({
  scale: attributes.spatial_scale,
  points: attributes.sampling_ratio,
  isHalfPixel: attributes.coordinate_transformation_mode === 'half_pixel',
})

/** Two neighbours of a point and how much of each; undefined beyond the rim. */
export type Sample = { readonly low: number; readonly high: number; readonly ratio: number } | undefined

export const mean = (parts: readonly (readonly number[])[]): number =>
  parts.flat().reduce((sum, part) => sum + part, 0) / Math.max(1, parts.length)

/** The elements around a point and their shares; none beyond the rim. */
export const sharesOf = (width: number, y: Sample, x: Sample): readonly (readonly [offset: number, share: number])[] =>
  !y || !x
    ? []
    : [
        [y.low * width + x.low, (1 - y.ratio) * (1 - x.ratio)],
        [y.low * width + x.high, (1 - y.ratio) * x.ratio],
        [y.high * width + x.low, y.ratio * (1 - x.ratio)],
        [y.high * width + x.high, y.ratio * x.ratio],
      ]

export const weighted = (
  numbers: ArrayLike<number>,
  from: number,
  width: number,
  y: Sample,
  x: Sample,
): readonly number[] => {
  if (!y || !x) return [0]
  const at = (row: number, column: number) => numbers[from + row * width + column]!
  return [
    (1 - y.ratio) * (1 - x.ratio) * at(y.low, x.low),
    (1 - y.ratio) * x.ratio * at(y.low, x.high),
    y.ratio * (1 - x.ratio) * at(y.high, x.low),
    y.ratio * x.ratio * at(y.high, x.high),
  ]
}

/** Points along one axis of a box, for each cell. */
export function samplesOf(
  options: Interpolation,
  first: number,
  last: number,
  cells: number,
  size: number,
): Sample[][] {
  const { scale, points: wanted, isHalfPixel } = options
  const f = Math.fround
  const shift = isHalfPixel ? 0.5 : 0
  const start = f(f(first * scale) - shift)
  const extent = f(f(f(last * scale) - shift) - start)
  // without the shift, boxes have at least one element
  const step = f((isHalfPixel ? extent : Math.max(extent, 1)) / cells)
  const points = wanted > 0 ? wanted : Math.max(0, Math.ceil(step))
  return Array.from({ length: cells }, (_, cell) =>
    Array.from({ length: points }, (__, i) => sampleAt(f(start + cell * step + ((i + 0.5) * step) / points), size)),
  )
}

function sampleAt(position: number, size: number): Sample {
  if (!(position >= -1 && position <= size)) return undefined
  const at = Math.max(0, position)
  const low = Math.floor(at)
  return low >= size - 1 ? { low: size - 1, high: size - 1, ratio: 0 } : { low, high: low + 1, ratio: at - low }
}

/** [first, end) */
type Range = readonly [first: number, end: number]

/** As C rounds: halves away from zero. */
export const roundAway = (x: number): number => Math.sign(x) * Math.floor(Math.abs(x) + 0.5)

/** Cells of one axis of a box; they may share elements. */
export function cellsOf(first: number, last: number, count: number, size: number): Range[] {
  const step = Math.fround(Math.max(last - first + 1, 1) / count)
  const clamp = (place: number) => Math.max(0, Math.min(size, place + first))
  return Array.from({ length: count }, (_, i) => [
    clamp(Math.floor(Math.fround(i * step))),
    clamp(Math.ceil(Math.fround((i + 1) * step))),
  ])
}

export function largest(numbers: ArrayLike<number>, from: number, width: number, ys: Range, xs: Range): number {
  if (ys[0] >= ys[1] || xs[0] >= xs[1]) return 0
  let best = -Infinity
  for (let y = ys[0]; y < ys[1]; y++)
    for (let x = xs[0]; x < xs[1]; x++) best = Math.max(best, numbers[from + y * width + x]!)
  return best
}
