import { elementCount } from '../../core/dtypes'
import { integersOf, numbersOf } from '../../core/host-array'
import { attribute } from '../../graph/model'
import { requireKind } from '../dtype-kinds'
import { PLUME } from '../gradient-parts'
import { defineOperator, differentiable, FLOAT32 } from '../op'
import { interpolationOf, mean, roiAlignAttributes, samplesOf, weighted } from '../regions'
import { mergeDims } from '../shapes'

/**
 * Mean or maximum of points interpolated inside each cell of a grid laid over boxes (ONNX RoiAlign-22; He et al., "Mask
 * R-CNN", 2017). x [N, C, H, W], rois [boxes, 4] of x1, y1, x2, y2, image of each box [boxes]; y [boxes, C, height, width].
 * 'max' takes the largest weighted neighbour of the points, as ONNX's tests and onnxruntime do, not of interpolated values.
 */
export const roiAlign = defineOperator({
  name: 'RoiAlign',
  domain: '',
  attributes: roiAlignAttributes,
  inputs: [3, 3],
  infer(context) {
    requireKind(context, 0, 'float')
    if (context.dtype(1) !== context.dtype(0)) context.fail('input and rois must have one type')
    if (context.dtype(2) !== 'int64') context.fail(`the images of the boxes must be int64, not ${context.dtype(2)}`)
    const { output_height, output_width, sampling_ratio } = context.attributes
    if (output_height < 1 || output_width < 1)
      context.fail(`the output must have a size, not ${output_height} × ${output_width}`)
    if (sampling_ratio < 0) context.fail(`sampling_ratio must not be negative: ${sampling_ratio}`)
    const [x, rois, images] = [context.shape(0), context.shape(1), context.shape(2)]
    if (x && x.length !== 4) context.fail('the input must be [N, C, H, W]')
    if (rois && (rois.length !== 2 || (typeof rois[1] === 'number' && rois[1] !== 4)))
      context.fail('rois must be [boxes, 4]')
    const boxes = mergeDims(rois?.[0] ?? null, images?.[0] ?? null)
    if ((images && images.length !== 1) || boxes === undefined) return context.fail('each box must have one image')
    return [{ dtype: context.dtype(0), shape: [boxes, x?.[1] ?? null, output_height, output_width] }]
  },
  reference(context, x, rois, images) {
    const { output_height: rows, output_width: columns, mode } = context.attributes
    const [batch, channels, height, width] = x!.shape as [number, number, number, number]
    const result = context.empty(x!.dtype, [rois!.shape[0]!, channels, rows, columns])
    const [numbers, corners] = [numbersOf(x!), numbersOf(rois!)]
    const interpolation = interpolationOf(context)
    const plane = elementCount([height, width])
    integersOf(images!).forEach((image, box) => {
      if (image < 0 || image >= batch) context.fail(`box ${box} lies in image ${image} of ${batch}`)
      const ys = samplesOf(interpolation, corners[box * 4 + 1]!, corners[box * 4 + 3]!, rows, height)
      const xs = samplesOf(interpolation, corners[box * 4]!, corners[box * 4 + 2]!, columns, width)
      for (let c = 0; c < channels; c++) {
        const from = (image * channels + c) * plane
        for (let cell = 0; cell < rows * columns; cell++) {
          const across = xs[cell % columns]!
          const down = ys[Math.floor(cell / columns)]!
          const parts = down.flatMap((y) => across.map((point) => weighted(numbers, from, width, y, point)))
          const target = (box * channels + c) * rows * columns + cell
          result.values[target] = mode === 'avg' ? mean(parts) : parts.length === 0 ? 0 : Math.max(...parts.flat())
        }
      }
    })
    return [result]
  },
  // boxes are where somebody looked: their rounding has no derivative that means anything
  gradient: differentiable<typeof roiAlignAttributes>(({ write, attributes: own, input, gradient }) => [
    write.add(
      'RoiAlignGradient',
      [input(0), input(1), input(2), gradient(0)],
      [
        attribute.string('coordinate_transformation_mode', own.coordinate_transformation_mode),
        attribute.string('mode', own.mode),
        ...(['output_height', 'output_width', 'sampling_ratio'] as const).map((name) => attribute.int(name, own[name])),
        attribute.float('spatial_scale', own.spatial_scale),
      ],
      PLUME,
    ),
  ]),
  lower(context) {
    const [input, boxes, imageOf] = [context.input(0), context.input(1), context.input(2)]
    const { output_height: rows, output_width: columns, mode } = context.attributes
    const [images, channels, height, width] = input.shape as [number, number, number, number]
    if (input.dtype !== 'float32') return null
    return [
      {
        kernel: 'roi',
        type: mode === 'avg' ? 'average' : 'max',
        ...{ input, boxes, imageOf, output: context.output(0) },
        ...{ images, channels, height, width, count: boxes.shape[0]!, rows, columns },
        ...interpolationOf(context),
      },
    ]
  },
  tolerance: { ...FLOAT32, absolute: 1e-5, reason: 'positions in single precision' },
})
