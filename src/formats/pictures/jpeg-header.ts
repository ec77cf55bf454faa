import { FormatError, UnsupportedError } from '../../core/errors'
import { exifOrientation, type Orientation } from './exif'
import type { PictureHeader } from './header'

/** Markers of ITU-T T.81, table B.1. */
const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
const APP1 = 0xe1
const APP2 = 0xe2
const BASELINE = 0xc0
const EXTENDED = 0xc1
const PROGRESSIVE = 0xc2
/** DHT, JPG and DAC stand among the frame markers C0…CF but are none. */
const NOT_FRAMES = [0xc4, 0xc8, 0xcc]

/** Real progressive files have about 10 scans; thousands over a large picture take hours to decode. */
const MAX_SCANS = 100

export function inspectJpeg(bytes: Uint8Array, file: string): PictureHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let orientation: Orientation = 1
  let hasProfile = false
  for (let at = 2; ;) {
    const marker = markerAt(bytes, at, file)
    at = marker.next
    if (marker.code === SOS || marker.code === EOI || marker.code === SOI) {
      throw new FormatError('the size of the picture was expected before its data', { file, offset: at })
    }
    const length = at + 2 <= bytes.length ? view.getUint16(at) : 0
    if (length < 2 || at + length > bytes.length) {
      throw new FormatError(`a segment of at least 2 bytes that ends within the file was expected, found ${length}`, {
        file,
        offset: at,
      })
    }
    const segment = bytes.subarray(at + 2, at + length)
    if (marker.code === APP1 && startsWith(segment, 'Exif\0\0')) orientation = exifOrientation(segment.subarray(6))
    if (marker.code === APP2 && startsWith(segment, 'ICC_PROFILE\0')) hasProfile = true
    if (marker.code >= BASELINE && marker.code <= 0xcf && !NOT_FRAMES.includes(marker.code)) {
      const frame = parseFrame(marker.code, segment, { file, offset: at })
      if (marker.code === PROGRESSIVE) checkScans(bytes, at + length, file)
      return { codec: 'jpeg', bits: 8, hasAlpha: false, hasProfile, orientation, ...frame }
    }
    at += length
  }
}

function markerAt(bytes: Uint8Array, at: number, file: string): { code: number; next: number } {
  if (bytes[at] !== 0xff) {
    const found = at < bytes.length ? `byte ${bytes[at]}` : 'the end of the file'
    throw new FormatError(`a JPEG marker was expected, found ${found}`, { file, offset: at })
  }
  // any number of FF may fill up before a marker
  let next = at + 1
  while (bytes[next] === 0xff) next++
  return { code: bytes[next] ?? 0, next: next + 1 }
}

function parseFrame(
  code: number,
  segment: Uint8Array,
  where: { file: string; offset: number },
): Pick<PictureHeader, 'width' | 'height' | 'isGray'> {
  if (segment.length < 6) throw new FormatError('the frame header is too short', where)
  const bits = segment[0] as number
  if (![BASELINE, EXTENDED, PROGRESSIVE].includes(code) || bits !== 8) {
    throw new UnsupportedError(
      `${where.file}: lossless, arithmetic-coded and ${bits === 8 ? 'hierarchical' : `${bits}-bit`} JPEGs are not read. ` +
        'Save it as baseline JPEG or PNG.',
    )
  }
  const height = ((segment[1] as number) << 8) | (segment[2] as number)
  const width = ((segment[3] as number) << 8) | (segment[4] as number)
  const components = segment[5] as number
  if (components === 4) {
    throw new UnsupportedError(`${where.file}: this JPEG is CMYK, which has no single meaning as RGB. Save it as RGB.`)
  }
  if (components !== 1 && components !== 3) {
    throw new FormatError(`1 or 3 colour components were expected, found ${components}`, where)
  }
  return { width, height, isGray: components === 1 }
}

function checkScans(bytes: Uint8Array, from: number, file: string): void {
  let scans = 0
  // within entropy-coded data FF is always followed by 00, so FF DA is a scan
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === SOS && ++scans > MAX_SCANS) {
      throw new FormatError(`at most ${MAX_SCANS} scans were expected, found more`, {
        file,
        offset: at,
        hint: 'Save the picture anew.',
      })
    }
  }
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false
  return true
}
