import { FormatError, UnsupportedError } from '../../core/errors'
import { inspectJpeg } from './jpeg-header'
import { inspectPng } from './png-header'
import type { Orientation } from './exif'
import { inspectWebp } from './webp-header'

/** What a picture's own header says, read without decoding. */
export interface PictureHeader {
  readonly codec: 'jpeg' | 'png' | 'webp'
  /** As stored, before the orientation is applied. */
  readonly width: number
  readonly height: number
  readonly isGray: boolean
  readonly bits: 8 | 16
  readonly hasAlpha: boolean
  readonly hasProfile: boolean
  readonly orientation: Orientation
}

/** 100 megapixels take 400 MB decoded. */
export const MAX_PIXELS = 100_000_000

/** Largest picture file: uncompressed 16-bit PNGs of 100 megapixels are rare, phones stay under 50 MB. */
export const MAX_PICTURE_BYTES = 256 * 1024 * 1024

export function pictureCodec(head: Uint8Array): PictureHeader['codec'] | null {
  const starts = (at: number, bytes: readonly number[]) => bytes.every((byte, i) => head[at + i] === byte)
  if (starts(0, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (starts(0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (starts(0, [0x52, 0x49, 0x46, 0x46]) && starts(8, [0x57, 0x45, 0x42, 0x50])) return 'webp'
  return null
}

/**
 * Reads and checks a picture's header, so that a bomb is refused before anything is allocated.
 * @throws FormatError, UnsupportedError
 */
export function inspectPicture(bytes: Uint8Array, file: string): PictureHeader {
  const codec = pictureCodec(bytes)
  if (!codec) {
    throw new FormatError('a JPEG, PNG or WebP picture was expected', { file, offset: 0, hint: HINT })
  }
  const header =
    codec === 'jpeg' ? inspectJpeg(bytes, file) : codec === 'png' ? inspectPng(bytes, file) : inspectWebp(bytes, file)
  const { width, height } = header
  if (width < 1 || height < 1) throw new FormatError(`a picture of ${width} × ${height} has no pixels`, { file })
  if (width * height > MAX_PIXELS) {
    throw new UnsupportedError(
      `${file}: ${width} × ${height} pixels; at most ${MAX_PIXELS / 1e6} megapixels are decoded. Make it smaller.`,
    )
  }
  return header
}

const HINT = 'Other formats are not read; convert the picture to PNG.'
