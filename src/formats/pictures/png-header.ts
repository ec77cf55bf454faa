import { crc32 } from '../../core/crc32'
import { FormatError } from '../../core/errors'
import { exifOrientation, type Orientation } from './exif'
import type { PictureHeader } from './header'

/** Colour types of the PNG specification (3rd edition), table 8, and the depths that each allows. */
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}

/**
 * Walks all chunks and checks their lengths and checksums, because the decoder ends in a trap, not in a message, where
 * a file is damaged.
 */
export function inspectPng(bytes: Uint8Array, file: string): PictureHeader {
  let orientation: Orientation = 1
  let hasProfile = false
  let hasTransparency = false
  let hasData = false
  let isEnded = false
  const head = parseIhdr(bytes, file)
  for (let at = 8; at < bytes.length && !isEnded;) {
    const chunk = chunkAt(bytes, at, file)
    if (chunk.type === 'iCCP') hasProfile = true
    if (chunk.type === 'tRNS') hasTransparency = true
    if (chunk.type === 'eXIf') orientation = exifOrientation(chunk.data)
    if (chunk.type === 'IDAT') hasData = true
    if (chunk.type === 'IHDR' && at !== 8) throw new FormatError('a second header was found', { file, offset: at })
    isEnded = chunk.type === 'IEND'
    at = chunk.end
  }
  if (!hasData || !isEnded) {
    throw new FormatError(`the chunk ${hasData ? 'IEND' : 'IDAT'} was expected, but the file ends`, {
      file,
      offset: bytes.length,
    })
  }
  const { width, height, depth, colour } = head
  const isGray = colour === 0 || colour === 4
  const hasAlpha = colour >= 4 || hasTransparency
  return { codec: 'png', width, height, isGray, bits: depth === 16 ? 16 : 8, hasAlpha, hasProfile, orientation }
}

function parseIhdr(bytes: Uint8Array, file: string) {
  const { type, data } = chunkAt(bytes, 8, file)
  if (type !== 'IHDR' || data.length !== 13) {
    throw new FormatError(`a header chunk IHDR of 13 bytes was expected, found ${type} of ${data.length}`, {
      file,
      offset: 8,
    })
  }
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
  const [width, height, depth, colour] = [view.getUint32(0), view.getUint32(4), view.getUint8(8), view.getUint8(9)]
  if (!DEPTHS[colour]?.includes(depth)) {
    throw new FormatError(`colour type ${colour} with ${depth} bits does not exist`, { file, offset: 24 })
  }
  return { width, height, depth, colour }
}

function chunkAt(bytes: Uint8Array, at: number, file: string): { type: string; data: Uint8Array; end: number } {
  if (at + 12 > bytes.length) {
    throw new FormatError('a chunk was expected, but the file ends', { file, offset: at })
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(at)
  const end = at + 12 + length
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
  if (!/^[A-Za-z]{4}$/.test(type))
    throw new FormatError('a chunk name of 4 letters was expected', { file, offset: at + 4 })
  if (end > bytes.length) {
    throw new FormatError(`the chunk ${type} has ${length} bytes, but ${bytes.length - at - 12} are left`, {
      file,
      offset: at,
    })
  }
  if (crc32(bytes.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) {
    throw new FormatError(`the checksum of the chunk ${type} does not match`, { file, offset: at })
  }
  return { type, data: bytes.subarray(at + 8, end - 4), end }
}
