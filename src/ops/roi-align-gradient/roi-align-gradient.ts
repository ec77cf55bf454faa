import { integersOf, numbersOf } from '../../core/host-array'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, FLOAT32, notDifferentiable, onHost } from '../op'
import { interpolationOf, roiAlignAttributes, samplesOf, sharesOf } from '../regions'

/** The gradient of RoiAlign with respect to its images: x [N, C, H, W], rois [boxes, 4], image of each box, dy [boxes, C, …]. */
export const roiAlignGradient = defineOperator({
  name: 'RoiAlignGradient',
  domain: PLUME,
  attributes: roiAlignAttributes,
  inputs: [4, 4],
  infer(context) {
    requireKind(context, 0, 'float')
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x, rois, images, dy) {
    const { output_height: rows, output_width: columns, mode } = context.attributes
    const [, channels, height, width] = x!.shape as [number, number, number, number]
    const result = context.empty(x!.dtype, x!.shape)
    const [numbers, corners, slope] = [numbersOf(x!), numbersOf(rois!), numbersOf(dy!)]
    const sums = new Float64Array(numbers.length)
    const interpolation = interpolationOf(context)
    integersOf(images!).forEach((image, box) => {
      const ys = samplesOf(interpolation, corners[box * 4 + 1]!, corners[box * 4 + 3]!, rows, height)
      const xs = samplesOf(interpolation, corners[box * 4]!, corners[box * 4 + 2]!, columns, width)
      for (let cell = 0; cell < rows * columns; cell++) {
        const [down, across] = [ys[Math.floor(cell / columns)]!, xs[cell % columns]!]
        const points = down.flatMap((y) => across.map((point) => sharesOf(width, y, point)))
        for (let c = 0; c < channels; c++) {
          const from = (image * channels + c) * height * width
          const dCell = slope[(box * channels + c) * rows * columns + cell] as number
          const seen = mode === 'avg' ? points.flat() : largestShare(points, numbers, from)
          const divisor = mode === 'avg' ? points.length : 1
          for (const [offset, share] of seen) sums[from + offset]! += (share * dCell) / divisor
        }
      }
    })
    result.values.set(sums as never)
    return [result]
  },
  gradient: notDifferentiable('second derivatives of regions are not built'),
  lower: onHost('each box gives to elements of its own'),
  tolerance: FLOAT32,
})

type Share = readonly [offset: number, share: number]

/** The one whose weighted element is the largest; none where points beyond the rim, which count as 0, are larger. */
function largestShare(
  points: readonly (readonly Share[])[],
  numbers: ArrayLike<number>,
  from: number,
): readonly Share[] {
  let [best, found]: [number, readonly Share[]] = [points.some((shares) => shares.length === 0) ? 0 : -Infinity, []]
  for (const one of points.flat()) {
    const value = one[1] * (numbers[from + one[0]] as number)
    if (value > best) [best, found] = [value, [one]]
  }
  return found
}
