import { UsageError } from '../../core/errors'
import { roundHalfEven } from '../../core/tensor'
import type { Picture } from '../../formats/format'
import { resizeTriangle, type NumberPicture } from './resize'
import type { PreprocessSpec } from './spec'
import type { PictureTarget } from './target'

type Target = Pick<PictureTarget, 'channels' | 'height' | 'width' | 'layout'>

interface Size {
  readonly width: number
  readonly height: number
}

/** A thread-thin picture grows without limit where its short side is enlarged. */
const MAX_PIXELS = 100_000_000

/** How a picture's size becomes the input's: scaled, then cut. */
interface Geometry {
  readonly scaled: Size
  readonly crop: Size & { readonly left: number; readonly top: number }
}

/**
 * Turns one picture into the values of one sample: channels as the target has them, short side resized (only where it
 * differs), centre crop, then `(pixel × range / 255 − mean) / std`, laid out as [C, H, W] or [H, W, C].
 * @param result of the sample's size, e.g. its part of a batch
 * @throws UsageError where sizes or channels do not fit
 */
export function applyPreprocess(
  picture: Picture,
  spec: PreprocessSpec,
  target: Target,
  result = new Float32Array(sampleSize(picture, spec, target)),
): Float32Array<ArrayBuffer> {
  checkChannels(spec, target)
  const { scaled, crop } = geometry(picture, spec, target)
  const full = resizeTriangle(toChannels(picture, target.channels), scaled.width, scaled.height)
  normalize(full, crop, { ...spec, layout: spec.layout ?? target.layout }, result)
  return result
}

function sampleSize(picture: Size, spec: PreprocessSpec, target: Target): number {
  const [height, width] = preprocessedSize(picture, spec, target)
  return target.channels * height * width
}

/** Height and width that `applyPreprocess` gives; they follow the picture where the target leaves them open. */
export function preprocessedSize(picture: Size, spec: PreprocessSpec, target: Target): [number, number] {
  const { crop } = geometry(picture, spec, target)
  return [crop.height, crop.width]
}

function checkChannels(spec: PreprocessSpec, target: Target): void {
  if (target.channels === 3) return
  const problem =
    spec.order === 'bgr'
      ? 'order=bgr'
      : spec.mean.length === 3 || spec.std.length === 3
        ? 'a mean or std of 3 values'
        : null
  if (problem) {
    throw new UsageError(
      `--preprocess: ${problem} does not fit an input of 1 channel (gray). Give one value, e.g. mnist.`,
    )
  }
}

function geometry(picture: Size, spec: PreprocessSpec, target: Target): Geometry {
  const wanted = wantedSize(spec, target)
  const scaled = scaledSize(picture, spec, wanted)
  if (scaled.width * scaled.height > MAX_PIXELS) {
    throw new UsageError(
      `--preprocess: a picture of ${picture.width} × ${picture.height} would become ${scaled.width} × ${scaled.height}; ` +
        `at most ${MAX_PIXELS / 1e6} megapixels are made. Leave out pictures of such proportions.`,
    )
  }
  const width = wanted.width ?? scaled.width
  const height = wanted.height ?? scaled.height
  if (scaled.width < width || scaled.height < height) {
    throw new UsageError(
      `--preprocess: a picture of ${scaled.width} × ${scaled.height} (width × height) is smaller than the ${width} × ${height} ` +
        `to be cut from it. Give resize=${Math.max(width, height)} or more, or leave resize and crop away.`,
    )
  }
  const left = Math.floor((scaled.width - width) / 2)
  const top = Math.floor((scaled.height - height) / 2)
  return { scaled, crop: { width, height, left, top } }
}

/** What is cut out: the crop, else what the model takes, else null for all. */
function wantedSize(spec: PreprocessSpec, target: Target): { width: number | null; height: number | null } {
  const [cropHeight, cropWidth] = spec.crop ?? [target.height, target.width]
  const isUnfit = (crop: number | null, fixed: number | null) => crop !== null && fixed !== null && crop !== fixed
  if (isUnfit(cropHeight, target.height) || isUnfit(cropWidth, target.width)) {
    throw new UsageError(
      `--preprocess: crop=${cropHeight}x${cropWidth} (height x width) does not fit the model, which takes ` +
        `${target.height ?? 'any'} × ${target.width ?? 'any'}. Leave crop away.`,
    )
  }
  return { width: cropWidth, height: cropHeight }
}

/**
 * Where neither resize nor crop is given, ImageNet's protocol scaled to the input: 256 for 224, then the centre. A
 * picture that has the input's size already is taken as it is.
 */
const MARGIN = 256 / 224

function scaledSize(
  picture: Size,
  spec: PreprocessSpec,
  wanted: { width: number | null; height: number | null },
): Size {
  if (spec.resize !== undefined) return shortSideTo(picture, spec.resize)
  // an explicit crop without resize cuts from the picture as it is
  if (spec.crop) return picture
  const width = wanted.width ?? (wanted.height === picture.height ? picture.width : null)
  const height = wanted.height ?? (wanted.width === picture.width ? picture.height : null)
  if ((width === null && height === null) || (width === picture.width && height === picture.height)) return picture
  const byWidth = width === null ? 0 : width / picture.width
  const byHeight = height === null ? 0 : height / picture.height
  return byWidth >= byHeight
    ? withWidth(picture, Math.round((width as number) * MARGIN), height ?? 1)
    : swapped(withWidth(swapped(picture), Math.round((height as number) * MARGIN), width ?? 1))
}

/**
 * The short side becomes `side`, the long side is rounded to the nearest pixel (ties to even); the centre crop's offset
 * is rounded down. torchvision rounds the other way round (long side down, offset half to even), which moves the cut by
 * a pixel.
 */
function shortSideTo(picture: Size, side: number): Size {
  if (Math.min(picture.width, picture.height) === side) return picture
  return picture.width <= picture.height ? withWidth(picture, side, 1) : swapped(withWidth(swapped(picture), side, 1))
}

/** Scales to a width; the height follows, at least `minHeight`, where rounding would fall one short. */
function withWidth(picture: Size, width: number, minHeight: number): Size {
  return { width, height: Math.max(minHeight, roundHalfEven((width * picture.height) / picture.width)) }
}

const swapped = ({ width, height }: Size): Size => ({ width: height, height: width })

/**
 * Gray → colour repeats the value; colour → gray is ITU-R BT.601 luma rounded to 8 bits, as Pillow's `convert('L')`. A picture that
 * has its channels already is not copied: there are large ones.
 */
function toChannels({ width, height, pixels, channels: given }: Picture, channels: 1 | 3): NumberPicture {
  if (given === channels) return { width, height, channels, values: pixels }
  const count = width * height
  const values = new Uint8Array(count * channels)
  if (channels === 3) {
    for (let i = 0; i < count; i++) values.fill(pixels[i] as number, 3 * i, 3 * i + 3)
  } else {
    for (let i = 0; i < count; i++) {
      const [r = 0, g = 0, b = 0] = [pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]]
      // .299, .587, .114 in units of 2^-16
      values[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16
    }
  }
  return { width, height, channels, values }
}

function normalize(picture: NumberPicture, crop: Geometry['crop'], spec: PreprocessSpec, result: Float32Array): void {
  const { channels, values } = picture
  const { width, height, left, top } = crop
  const [pixelStride, channelStride] = spec.layout === 'nhwc' ? [channels, 1] : [1, height * width]
  for (let c = 0; c < channels; c++) {
    const mean = spec.mean[spec.mean.length === 1 ? 0 : c] as number
    const std = spec.std[spec.std.length === 1 ? 0 : c] as number
    const from = spec.order === 'bgr' ? channels - 1 - c : c
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const value = values[((top + y) * picture.width + left + x) * channels + from] as number
        result[(y * width + x) * pixelStride + c * channelStride] = ((value * spec.range) / 255 - mean) / std
      }
    }
  }
}
