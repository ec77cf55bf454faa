import { integersOf, numbersOf } from '../../core/host-array'
import * as a from '../attributes'
import { defineOperator, FLOAT32, notYetDifferentiable, onHost } from '../op'

/**
 * Averages (or takes the largest) of bilinear samples in each cell of each region: x [N, C, H, W], rois [R, 4]
 * (x1, y1, x2, y2), batch_indices [R] → [R, C, output_height, output_width] (ONNX RoiAlign-22; arXiv:1703.06870).
 */
export const roiAlign = defineOperator({
  name: 'RoiAlign',
  domain: '',
  attributes: {
    coordinate_transformation_mode: a.choice(['half_pixel', 'output_half_pixel'], 'half_pixel'),
    mode: a.choice(['avg', 'max'], 'avg'),
    output_height: a.int(1),
    output_width: a.int(1),
    sampling_ratio: a.int(0),
    spatial_scale: a.float(1),
  },
  inputs: [3, 3],
  infer(context) {
    const [x, rois] = [context.shape(0), context.shape(1)]
    if (x && x.length !== 4) context.fail('the input must be [N, C, H, W]')
    if (rois && (rois.length !== 2 || (typeof rois[1] === 'number' && rois[1] !== 4)))
      context.fail('rois must be [R, 4]')
    const { output_height, output_width } = context.attributes
    const count = rois?.[0] ?? context.shape(2)?.[0] ?? null
    return [{ dtype: context.dtype(0), shape: [count, x?.[1] ?? null, output_height, output_width] }]
  },
  reference(context, x, rois, batches) {
    const {
      coordinate_transformation_mode,
      mode,
      output_height: rows,
      output_width: columns,
      sampling_ratio,
      spatial_scale: scale,
    } = context.attributes
    const [images, channels, height, width] = x!.shape as [number, number, number, number]
    const [values, boxes, of] = [numbersOf(x!), numbersOf(rois!), integersOf(batches!)]
    const isHalf = coordinate_transformation_mode === 'half_pixel'
    const result = context.empty(x!.dtype, [of.length, channels, rows, columns])
    of.forEach((image, r) => {
      if (image < 0 || image >= images) context.fail(`batch index ${image} lies outside of ${images} images`)
      const [x1, y1, x2, y2] = [0, 1, 2, 3].map((i) => (boxes[r * 4 + i] as number) * scale - (isHalf ? 0.5 : 0)) as [
        number,
        number,
        number,
        number,
      ]
      // without the half pixel, regions have at least one pixel
      const extent = (size: number) => (isHalf ? size : Math.max(size, 1))
      const [cellH, cellW] = [extent(y2 - y1) / rows, extent(x2 - x1) / columns]
      const [samplesY, samplesX] = [sampling_ratio || Math.ceil(cellH), sampling_ratio || Math.ceil(cellW)]
      for (let c = 0; c < channels; c++) {
        const from = (image * channels + c) * height * width
        for (let cell = 0; cell < rows * columns; cell++) {
          const [top, left] = [y1 + Math.floor(cell / columns) * cellH, x1 + (cell % columns) * cellW]
          const found: number[] = []
          for (let i = 0; i < samplesY; i++) {
            for (let j = 0; j < samplesX; j++) {
              const [y, u] = [top + ((i + 0.5) * cellH) / samplesY, left + ((j + 0.5) * cellW) / samplesX]
              const taps = bilinear(y, u, height, width).map(({ at, weight }) => weight * (values[from + at] as number))
              // the largest of the weighted corners, as the specification's own code has it
              found.push(mode === 'max' ? Math.max(...taps) : taps.reduce((sum, value) => sum + value, 0))
            }
          }
          const value =
            mode === 'max' ? Math.max(...found) : found.reduce((sum, one) => sum + one, 0) / Math.max(1, found.length)
          result.values[(r * channels + c) * rows * columns + cell] = value
        }
      }
    })
    return [result]
  },
  gradient: notYetDifferentiable,
  lower: onHost('regions are values'),
  tolerance: { ...FLOAT32, absolute: 1e-5 },
})

/** The four pixels around a point, and their weights; nothing where it lies more than a pixel outside. */
function bilinear(y: number, x: number, height: number, width: number): { at: number; weight: number }[] {
  if (y < -1 || y > height || x < -1 || x > width) return [{ at: 0, weight: 0 }]
  const axis = (value: number, size: number) => {
    const v = Math.max(value, 0)
    const low = Math.min(Math.floor(v), size - 1)
    const rest = low >= size - 1 ? 0 : v - low
    return [
      { at: low, weight: 1 - rest },
      { at: Math.min(low + 1, size - 1), weight: rest },
    ]
  }
  return axis(y, height).flatMap((row) =>
    axis(x, width).map((column) => ({ at: row.at * width + column.at, weight: row.weight * column.weight })),
  )
}
