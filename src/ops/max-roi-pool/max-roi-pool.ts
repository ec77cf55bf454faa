import { numbersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import * as a from '../attributes'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, differentiable, EXACT } from '../op'
import { cellsOf, largest, roundAway } from '../regions'

const attributes = { pooled_shape: a.ints(), spatial_scale: a.float(1) }

/**
 * The largest element of each cell of a grid laid over boxes of an image (ONNX MaxRoiPool-22; Girshick, "Fast R-CNN", 2015).
 * x [N, C, H, W], rois [boxes, 5] of image, x1, y1, x2, y2, ends included; y [boxes, C, …pooled_shape]. Boxes are rounded to
 * whole elements; empty cells give 0.
 */
export const maxRoiPool = defineOperator({
  name: 'MaxRoiPool',
  domain: '',
  attributes,
  inputs: [2, 2],
  infer(context) {
    requireKind(context, 0, 'float')
    if (context.dtype(1) !== context.dtype(0)) context.fail('both inputs must have one type')
    const { pooled_shape } = context.attributes
    if (pooled_shape.length !== 2 || pooled_shape.some((size) => size < 1))
      context.fail(`pooled_shape must be height and width, not ${pooled_shape.join(', ')}`)
    const [x, rois] = [context.shape(0), context.shape(1)]
    if (x && x.length !== 4) context.fail('the input must be [N, C, H, W]')
    if (rois && (rois.length !== 2 || (typeof rois[1] === 'number' && rois[1] !== 5)))
      context.fail('rois must be [boxes, 5]')
    return [{ dtype: context.dtype(0), shape: [rois?.[0] ?? null, x?.[1] ?? null, ...pooled_shape] }]
  },
  reference(context, x, rois) {
    const { pooled_shape, spatial_scale } = context.attributes
    const [batch, channels, height, width] = x!.shape as [number, number, number, number]
    const [rows, columns] = pooled_shape as [number, number]
    const boxes = rois!.shape[0]!
    const result = context.empty(x!.dtype, [boxes, channels, rows, columns])
    const [numbers, corners] = [numbersOf(x!), numbersOf(rois!)]
    for (let box = 0; box < boxes; box++) {
      const image = corners[box * 5]!
      if (!Number.isInteger(image) || image < 0 || image >= batch)
        context.fail(`box ${box} lies in image ${image} of ${batch}`)
      const at = (k: number) => roundAway(Math.fround(corners[box * 5 + k]! * spatial_scale))
      const ys = cellsOf(at(2), at(4), rows, height)
      const xs = cellsOf(at(1), at(3), columns, width)
      for (let c = 0; c < channels; c++) {
        const from = (image * channels + c) * height * width
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const target = ((box * channels + c) * rows + row) * columns + column
            result.values[target] = largest(numbers, from, width, ys[row]!, xs[column]!)
          }
        }
      }
    }
    return [result]
  },
  // boxes are rounded to whole elements, so they have no derivative
  gradient: differentiable<typeof attributes>(({ write, attributes: own, input, gradient }) => [
    write.add(
      'MaxRoiPoolGradient',
      [input(0), input(1), gradient(0)],
      [attribute.ints('pooled_shape', own.pooled_shape), attribute.float('spatial_scale', own.spatial_scale)],
      PLUME,
    ),
  ]),
  lower(context) {
    const [input, boxes] = [context.input(0), context.input(1)]
    const { pooled_shape, spatial_scale: scale } = context.attributes
    const [rows, columns] = pooled_shape as [number, number]
    const [images, channels, height, width] = input.shape as [number, number, number, number]
    if (input.dtype !== 'float32') return null
    return [
      {
        kernel: 'roi',
        type: 'maxElement',
        ...{ input, boxes, output: context.output(0) },
        ...{ images, channels, height, width, count: boxes.shape[0]!, rows, columns },
        ...{ scale, points: 0, isHalfPixel: false },
      },
    ]
  },
  tolerance: EXACT,
})
