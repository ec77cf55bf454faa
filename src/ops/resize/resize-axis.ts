/** One axis of a resampling, as a table: for every output place the inputs it is made of, and their weights. */
export const COORDINATES = [
  'half_pixel',
  'half_pixel_symmetric',
  'pytorch_half_pixel',
  'align_corners',
  'asymmetric',
  'tf_crop_and_resize',
] as const
export const NEAREST = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'] as const

export interface ResampleOptions {
  readonly mode: 'nearest' | 'linear' | 'cubic'
  readonly coordinates: (typeof COORDINATES)[number]
  readonly nearest: (typeof NEAREST)[number]
  readonly cubicA: number
  readonly isAntialiased: boolean
  readonly excludesOutside: boolean
}

export interface AxisSizes {
  readonly input: number
  readonly output: number
  readonly scale: number
  /** Part of the input that is read, from 0 to 1; of tf_crop_and_resize. */
  readonly roi: readonly [number, number]
}

export interface AxisTable {
  readonly taps: number
  /** [output · taps], inside the input. */
  readonly indices: readonly number[]
  readonly weights: readonly number[]
  /** Output places that lie outside of the input: of tf_crop_and_resize. */
  readonly outside: readonly boolean[]
}

/** ONNX Resize-19: coordinates, filters, edges repeated. */
export function tableOf(sizes: AxisSizes, options: ResampleOptions): AxisTable {
  const places = Array.from({ length: sizes.output }, (_, place) => {
    const x = coordinateOf(place, sizes, options.coordinates)
    return { x, taps: tapsAt(x, sizes, options) }
  })
  const taps = places[0]?.taps.length ?? 1
  const isCropping = options.coordinates === 'tf_crop_and_resize'
  return {
    taps,
    indices: places.flatMap((place) => place.taps.map(({ index }) => Math.min(Math.max(index, 0), sizes.input - 1))),
    weights: places.flatMap((place) => place.taps.map(({ weight }) => weight)),
    outside: places.map(({ x }) => isCropping && (x < 0 || x > sizes.input - 1)),
  }
}

function coordinateOf(
  place: number,
  { input, output, scale, roi }: AxisSizes,
  mode: ResampleOptions['coordinates'],
): number {
  switch (mode) {
    case 'half_pixel':
      return (place + 0.5) / scale - 0.5
    case 'half_pixel_symmetric': {
      // the rounding of the output's size is shared by both ends
      const adjustment = output / (scale * input)
      return (input / 2) * (1 - adjustment) + (place + 0.5) / scale - 0.5
    }
    case 'pytorch_half_pixel':
      return output > 1 ? (place + 0.5) / scale - 0.5 : 0
    case 'align_corners':
      return output > 1 ? (place * (input - 1)) / (output - 1) : 0
    case 'asymmetric':
      return place / scale
    case 'tf_crop_and_resize': {
      const [start, end] = roi
      return output > 1
        ? start * (input - 1) + (place * (end - start) * (input - 1)) / (output - 1)
        : 0.5 * (start + end) * (input - 1)
    }
  }
}

interface Tap {
  readonly index: number
  readonly weight: number
}

function tapsAt(x: number, { input, scale }: AxisSizes, options: ResampleOptions): Tap[] {
  if (options.mode === 'nearest') return [{ index: nearestOf(x, options.nearest), weight: 1 }]
  // an antialiasing filter widens as the picture shrinks
  const shrink = options.isAntialiased ? Math.min(scale, 1) : 1
  const radius = options.mode === 'linear' ? 1 : 2
  const filter = options.mode === 'linear' ? triangle : (t: number) => cubic(t, options.cubicA)
  const base = Math.floor(x)
  const first = Math.floor(-radius / shrink) + 1
  const taps = Array.from({ length: 2 - 2 * first }, (_, i) => {
    const index = base + first + i
    const isLeftOut = options.excludesOutside && (index < 0 || index >= input)
    return { index, weight: isLeftOut ? 0 : filter((index - x) * shrink) }
  })
  if (!options.isAntialiased && !options.excludesOutside) return taps
  const sum = taps.reduce((total, { weight }) => total + weight, 0)
  return taps.map(({ index, weight }) => ({ index, weight: weight / sum }))
}

function nearestOf(x: number, mode: ResampleOptions['nearest']): number {
  switch (mode) {
    case 'round_prefer_floor':
      return Math.ceil(x - 0.5)
    case 'round_prefer_ceil':
      return Math.floor(x + 0.5)
    case 'floor':
      return Math.floor(x)
    case 'ceil':
      return Math.ceil(x)
  }
}

const triangle = (t: number): number => Math.max(0, 1 - Math.abs(t))

/** Keys 1981, "Cubic convolution interpolation", equation 4 with its free parameter. */
function cubic(t: number, a: number): number {
  const x = Math.abs(t)
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
}
