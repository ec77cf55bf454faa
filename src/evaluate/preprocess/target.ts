import type { Dim } from '../../graph/model'
import { PRESET_NAMES, PRESETS, type PresetName } from './spec'

/** What a model takes in place of a picture. */
export interface PictureTarget {
  readonly channels: 1 | 3
  /** Pixels; null = any. */
  readonly height: number | null
  readonly width: number | null
  readonly layout: 'nchw' | 'nhwc'
  /** Whether the first dimension counts samples. */
  readonly isBatched: boolean
  /** Channels, height and width in one dimension. */
  readonly isFlat: boolean
  /** Whether a dimension stands for the channels ([n, 28, 28] has none). */
  readonly hasChannelDim: boolean
}

/**
 * Guesses from an input's shape how it takes pictures: NCHW or NHWC with 1 or 3 channels, the same without batch,
 * gray [n, h, w], or flattened [n, 784] with square sides. null where it takes no pictures.
 */
export function deriveTarget(shape: readonly Dim[] | undefined): PictureTarget | null {
  if (!shape) return null
  if (shape.length === 4) return fromFour(shape)
  if (shape.length === 3) return fromThree(shape)
  if (shape.length === 2) return fromFlat(shape[1] ?? null, true)
  if (shape.length === 1) return fromFlat(shape[0] ?? null, false)
  return null
}

const size = (dim: Dim | undefined) => (typeof dim === 'number' && dim > 0 ? dim : null)
const isChannels = (dim: Dim | undefined): dim is 1 | 3 => dim === 1 || dim === 3

function fromFour([, second, third, fourth]: readonly Dim[]): PictureTarget | null {
  const rest = { isBatched: true, isFlat: false, hasChannelDim: true }
  // [1, 3, 224, 3] is read as NCHW: a picture 3 pixels wide is less likely to be meant than channels first
  if (isChannels(second)) return { channels: second, height: size(third), width: size(fourth), layout: 'nchw', ...rest }
  if (isChannels(fourth)) return { channels: fourth, height: size(second), width: size(third), layout: 'nhwc', ...rest }
  return null
}

function fromThree([first, second, third]: readonly Dim[]): PictureTarget | null {
  const one = { isBatched: false, isFlat: false, hasChannelDim: true }
  if (first === 3) return { channels: 3, height: size(second), width: size(third), layout: 'nchw', ...one }
  if (isChannels(third)) return { channels: third, height: size(first), width: size(second), layout: 'nhwc', ...one }
  // a lone 1 in front is a batch of one as well as one channel: the values are the same
  const gray = { channels: 1, height: size(second), width: size(third), layout: 'nchw' } as const
  return { ...gray, isBatched: true, isFlat: false, hasChannelDim: false }
}

function fromFlat(dim: Dim, isBatched: boolean): PictureTarget | null {
  const length = size(dim)
  // sides under 8 are tables of features rather than pictures
  if (length === null || length < 64) return null
  for (const channels of [1, 3] as const) {
    const side = Math.sqrt(length / channels)
    if (!Number.isInteger(side)) continue
    return { channels, height: side, width: side, layout: 'nchw', isBatched, isFlat: true, hasChannelDim: false }
  }
  return null
}

/** The shape of an input that holds `count` pictures of height × width. */
export function inputShape(target: PictureTarget, count: number, height: number, width: number): number[] {
  const batch = target.isBatched ? [count] : []
  if (target.isFlat) return [...batch, target.channels * height * width]
  if (!target.hasChannelDim) return [...batch, height, width]
  const { channels } = target
  return target.layout === 'nchw' ? [...batch, channels, height, width] : [...batch, height, width, channels]
}

/** The presets that an input of this many channels can take, in a fixed order. */
export function candidatePresets(target: Pick<PictureTarget, 'channels'>): PresetName[] {
  return PRESET_NAMES.filter((name) => {
    if (name === 'mnist') return target.channels === 1
    return target.channels === 3 || PRESETS[name].mean.length === 1
  })
}
