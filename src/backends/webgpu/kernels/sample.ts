/** Reading images between their elements: at positions, in boxes. */
import type { RoiCall, SampleCall } from '../../kernel-calls'
import type { Dispatch, Kernel } from '../dispatch'
import { int, isFloat32, MOST_AXES } from './windows'

const TAPS = { nearest: 1, linear: 2, cubic: 4 }
const PADDINGS = { zeros: 0, border: 1, reflection: 2 }
const UNITS = { elements: 0, centers: 1, edges: 2 }

export const sample: Kernel<SampleCall> = {
  supports: ({ input, positions, output, sizes }) =>
    isFloat32(input, positions, output) && input !== positions && sizes.length <= MOST_AXES,
  encode({ input, positions, output, mode, padding, unit, images, channels, sizes, places }) {
    const [depth, height, width] = [1, 1, 1, ...sizes].slice(-MOST_AXES) as [number, number, number]
    return [
      {
        shader: 'sample',
        storage: [
          { name: 'x', of: input },
          { name: 'positions', of: positions },
          { name: 'y', of: output },
        ],
        sizes: {
          ...{ channels, places, axes: sizes.length },
          ...{ in_d: int(depth), in_h: int(height), in_w: int(width) },
          ...{ taps: TAPS[mode], padding: PADDINGS[padding], unit: UNITS[unit] },
        },
        grid: { invocations: images * channels * places },
      },
    ]
  },
}

export const roi: Kernel<RoiCall> = {
  supports: ({ input, boxes, output }) => isFloat32(input, boxes, output) && input !== boxes,
  encode(call) {
    const { images, channels, height, width, rows, columns, count, scale } = call
    const sizes = { images: int(images), channels, height: int(height), width: int(width), rows, columns }
    const dispatch: Dispatch = {
      shader: 'roi-max',
      storage: [
        { name: 'x', of: call.input },
        { name: 'boxes', of: call.boxes },
        ...(call.imageOf ? [{ name: 'image_of', of: call.imageOf }] : []),
        { name: 'y', of: call.output },
      ],
      sizes: { ...sizes, scale: { f32: scale } },
      grid: { invocations: count * channels * rows * columns },
    }
    if (call.type === 'maxElement') return [dispatch]
    return [
      {
        ...dispatch,
        shader: 'roi-align',
        sizes: {
          ...dispatch.sizes,
          points: call.points,
          is_half: Number(call.isHalfPixel),
          is_max: Number(call.type === 'max'),
        },
      },
    ]
  },
}
