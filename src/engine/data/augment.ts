/** Pictures that differ a little every time they are read, so that a network does not learn them by heart. */
import type { HostArray } from '../../core/host-array'
import type { Random } from '../../core/random'
import type { Dataset } from './dataset'

export type Augmentation = 'flip' | 'crop' | 'rotate' | 'jitter'

export interface AugmentOptions {
  /** Field of pictures [channels, height, width]; default 'features'. */
  readonly field?: string
  /** A crop is moved by at most this share of a side. */
  readonly shift?: number
  /** In degrees, to both sides; at most 45. */
  readonly angle?: number
  /** Brightness is shifted, and contrast scaled, by at most this share of a picture's standard deviation. */
  readonly strength?: number
}

interface Plane {
  readonly channels: number
  readonly height: number
  readonly width: number
}

type Change = (values: Float32Array, plane: Plane, random: Random) => void

/**
 * A data set whose pictures are changed while it is read with random numbers; without them it gives what it holds. The same
 * numbers give the same pictures on every machine. What comes in from outside a picture is 0, the mean where it is centred.
 */
export function augmented(data: Dataset, kinds: readonly Augmentation[], options: AugmentOptions = {}): Dataset {
  const { field = 'features' } = options
  const changes = ORDER.filter((kind) => kinds.includes(kind)).map((kind) => CHANGES[kind](options))
  const shape = data.fields.get(field)?.shape ?? []
  const [channels, height, width] = shape.length === 2 ? [1, ...shape] : shape
  if (channels === undefined || height === undefined || width === undefined || changes.length === 0) return data
  const plane: Plane = { channels, height, width }
  const size = channels * height * width
  const change = (into: ReadonlyMap<string, HostArray>, count: number, random: Random) => {
    const values = into.get(field)?.values as Float32Array | undefined
    if (!values) return
    for (let i = 0; i < count; i++) {
      for (const one of changes) one(values.subarray(i * size, (i + 1) * size), plane, random)
    }
  }
  return {
    ...{ length: data.length, fields: data.fields },
    read(indices, into, random) {
      const reading = data.read(indices, into, random)
      if (!random) return reading
      if (reading) return reading.then(() => change(into, indices.length, random))
      change(into, indices.length, random)
    },
  }
}

const ORDER: readonly Augmentation[] = ['flip', 'rotate', 'crop', 'jitter']

const CHANGES: Readonly<Record<Augmentation, (options: AugmentOptions) => Change>> = {
  flip: () => flip,
  crop: ({ shift = 0.125 }) => {
    return (values, plane, random) =>
      move(values, plane, [drawn(random, shift, plane.height), drawn(random, shift, plane.width)])
  },
  rotate: ({ angle = 15 }) => {
    const most = (Math.min(45, angle) * Math.PI) / 180
    return (values, plane, random) => rotate(values, plane, (2 * random.uniform() - 1) * most)
  },
  jitter: ({ strength = 0.2 }) => {
    return (values, _, random) =>
      jitter(values, (2 * random.uniform() - 1) * strength, (2 * random.uniform() - 1) * strength)
  },
}

/** A whole number of pixels in ±share of the side. */
const drawn = (random: Random, share: number, side: number): number => {
  const most = Math.max(1, Math.round(share * side))
  return random.below(2 * most + 1) - most
}

/** Left becomes right, every other time. */
function flip(values: Float32Array, { width }: Plane, random: Random): void {
  if (random.uniform() < 0.5) return
  for (let from = 0; from < values.length; from += width) values.subarray(from, from + width).reverse()
}

function move(
  values: Float32Array,
  { channels, height, width }: Plane,
  [down, right]: readonly [number, number],
): void {
  if (down === 0 && right === 0) return
  const given = values.slice()
  values.fill(0)
  const [from, to] = [Math.max(0, -right), Math.min(width, width - right)]
  for (let c = 0; c < channels; c++) {
    for (let y = Math.max(0, -down); y < Math.min(height, height - down); y++) {
      const row = (c * height + y) * width
      values.set(given.subarray(row + from, row + to), row + down * width + from + right)
    }
  }
}

/** Around the middle, with bilinear weights. */
function rotate(values: Float32Array, { channels, height, width }: Plane, angle: number): void {
  const [sine, cosine] = turn(angle)
  const given = values.slice()
  const [my, mx] = [(height - 1) / 2, (width - 1) / 2]
  const at = (c: number, y: number, x: number) =>
    y >= 0 && y < height && x >= 0 && x < width ? (given[(c * height + y) * width + x] as number) : 0
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sx = cosine * (x - mx) - sine * (y - my) + mx
      const sy = sine * (x - mx) + cosine * (y - my) + my
      const [x0, y0] = [Math.floor(sx), Math.floor(sy)]
      const [u, v] = [sx - x0, sy - y0]
      for (let c = 0; c < channels; c++) {
        const above = (1 - u) * at(c, y0, x0) + u * at(c, y0, x0 + 1)
        const below = (1 - u) * at(c, y0 + 1, x0) + u * at(c, y0 + 1, x0 + 1)
        values[(c * height + y) * width + x] = (1 - v) * above + v * below
      }
    }
  }
}

/** [sine, cosine] by Taylor's series: the platform's may differ in the last bit from one browser to another. */
function turn(angle: number): readonly [number, number] {
  const square = angle * angle
  const sine = angle * (1 - (square / 6) * (1 - (square / 20) * (1 - (square / 42) * (1 - square / 72))))
  return [sine, Math.sqrt(1 - sine * sine)]
}

/** x → (x − mean) · (1 + contrast) + mean + brightness · deviation */
function jitter(values: Float32Array, contrast: number, brightness: number): void {
  let [sum, squares] = [0, 0]
  for (const value of values) sum += value
  const mean = sum / values.length
  for (const value of values) squares += (value - mean) ** 2
  const shift = mean + brightness * Math.sqrt(squares / values.length)
  for (let i = 0; i < values.length; i++) values[i] = ((values[i] as number) - mean) * (1 + contrast) + shift
}
