import { FormatError, UnsupportedError } from '../../core/errors'
import { exifOrientation, type Orientation } from './exif'
import type { PictureHeader } from './header'

/** Source: RFC 9649 (WebP), sections 2.4–2.7 for the container, RFC 6386 section 9.1 for the lossy frame. */
export function inspectWebp(bytes: Uint8Array, file: string): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 20) throw new FormatError('a WebP chunk was expected, but the file ends', { file, offset: 12 })
  const riffEnd = 8 + view.getUint32(4, true)
  if (riffEnd > bytes.length) {
    throw new FormatError(`a file of ${riffEnd} bytes was expected, found ${bytes.length}`, { file, offset: 4 })
  }
  let size: { width: number; height: number } | undefined
  let orientation: Orientation = 1
  let hasAlpha = false
  let hasProfile = false
  let hasFrame = false
  for (let at = 12; at + 8 <= riffEnd;) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4))
    const length = view.getUint32(at + 4, true)
    const where = { file, offset: at }
    if (at + 8 + length > riffEnd) throw new FormatError(`the chunk ${type} leaves the file`, where)
    const data = bytes.subarray(at + 8, at + 8 + length)
    if (type === 'VP8X') {
      const canvas = parseExtended(data, where)
      size ??= canvas
      hasAlpha ||= canvas.hasAlpha
    } else if (type === 'VP8 ' || type === 'VP8L') {
      const frame = type === 'VP8 ' ? parseLossy(data, where) : parseLossless(data, where)
      if (size && (size.width !== frame.width || size.height !== frame.height)) {
        throw new FormatError(
          `${size.width} × ${size.height} pixels were expected, found ${frame.width} × ${frame.height}`,
          where,
        )
      }
      size = frame
      hasAlpha ||= frame.hasAlpha
      hasFrame = true
    } else if (type === 'ALPH') hasAlpha = true
    else if (type === 'ICCP') hasProfile = true
    else if (type === 'EXIF') orientation = exifOrientation(withoutPrefix(data))
    at += 8 + length + (length & 1)
  }
  if (!size || !hasFrame) throw new FormatError('a picture (chunk VP8 or VP8L) was expected, found none', { file })
  return { codec: 'webp', ...size, isGray: false, bits: 8, hasAlpha, hasProfile, orientation }
}

interface Place {
  file: string
  offset: number
}

function parseExtended(data: Uint8Array, where: Place) {
  if (data.length < 10) throw new FormatError('the chunk VP8X is too short', where)
  const flags = data[0] as number
  if (flags & 0x02) throw new UnsupportedError(`${where.file}: animated WebP is not read. Save one frame of it.`)
  const uint24 = (at: number) =>
    (data[at] as number) | ((data[at + 1] as number) << 8) | ((data[at + 2] as number) << 16)
  return { width: uint24(4) + 1, height: uint24(7) + 1, hasAlpha: (flags & 0x10) !== 0 }
}

function parseLossy(data: Uint8Array, where: Place) {
  if (data.length < 10 || data[3] !== 0x9d || data[4] !== 0x01 || data[5] !== 0x2a) {
    throw new FormatError('the start code of a VP8 key frame was expected', where)
  }
  const uint14 = (at: number) => ((data[at] as number) | ((data[at + 1] as number) << 8)) & 0x3fff
  return { width: uint14(6), height: uint14(8), hasAlpha: false }
}

function parseLossless(data: Uint8Array, where: Place) {
  if (data.length < 5 || data[0] !== 0x2f) throw new FormatError('the signature of a VP8L picture was expected', where)
  const bits = new DataView(data.buffer, data.byteOffset + 1, 4).getUint32(0, true)
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, hasAlpha: (bits & 0x10000000) !== 0 }
}

/** Some writers put JPEG's "Exif\0\0" before the block. */
function withoutPrefix(data: Uint8Array): Uint8Array {
  return data[0] === 0x45 && data[1] === 0x78 && data[4] === 0 && data[5] === 0 ? data.subarray(6) : data
}
