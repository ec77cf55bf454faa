import { numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, FLOAT32, notDifferentiable, onHost } from '../op'
import { cellsOf, roundAway } from '../regions'

const attributes = { pooled_shape: a.ints(), spatial_scale: a.float(1) }

/** The gradient of MaxRoiPool: every dy goes to the largest element of its cell, the first of equals. Inputs x, rois, dy. */
export const maxRoiPoolGradient = defineOperator({
  name: 'MaxRoiPoolGradient',
  domain: PLUME,
  attributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    return [{ dtype: context.dtype(0), shape: context.shape(0) }]
  },
  reference(context, x, rois, dy) {
    const { pooled_shape, spatial_scale } = context.attributes
    const [, channels, height, width] = x!.shape as [number, number, number, number]
    const [rows, columns] = pooled_shape as [number, number]
    const result = context.empty(x!.dtype, x!.shape)
    const [numbers, corners, slope] = [numbersOf(x!), numbersOf(rois!), numbersOf(dy!)]
    const sums = new Float64Array(numbers.length)
    for (let plane = 0; plane < rois!.shape[0]! * channels; plane++) {
      const [box, c] = [Math.floor(plane / channels), plane % channels]
      const at = (k: number) => roundAway(Math.fround(corners[box * 5 + k]! * spatial_scale))
      const ys = cellsOf(at(2), at(4), rows, height)
      const xs = cellsOf(at(1), at(3), columns, width)
      const from = (corners[box * 5]! * channels + c) * height * width
      for (let cell = 0; cell < rows * columns; cell++) {
        const best = placeOfLargest(numbers, { from, width }, ys[Math.floor(cell / columns)]!, xs[cell % columns]!)
        if (best >= 0) sums[best]! += slope[plane * rows * columns + cell] as number
      }
    }
    result.values.set(sums as never)
    return [result]
  },
  gradient: notDifferentiable('second derivatives of regions are not built'),
  lower: onHost('each box gives to elements of its own'),
  tolerance: FLOAT32,
})

type Range = readonly [first: number, end: number]

/** −1: the cell is empty. */
function placeOfLargest(
  numbers: ArrayLike<number>,
  { from, width }: { readonly from: number; readonly width: number },
  ys: Range,
  xs: Range,
): number {
  let best = -1
  for (let y = ys[0]; y < ys[1]; y++) {
    for (let x = xs[0]; x < xs[1]; x++) {
      const at = from + y * width + x
      if (best < 0 || numbers[at]! > numbers[best]!) best = at
    }
  }
  return best
}
