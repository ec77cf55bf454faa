import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import type { Bytes } from '../../core/bytes'
import { FormatError, UnsupportedError } from '../../core/errors'
import { createPictureDecoder, WASM_FILES } from './decoder'
import { inspectPicture, pictureCodec } from './header'

interface PictureCase {
  name: string
  file: string
  tolerance: number
  width: number
  height: number
  channels: number
  pixels: string
  orientation?: number
  hasAlpha?: boolean
  hasProfile?: boolean
  bits?: number
}

interface Fixture {
  madeBy: string
  pictures: PictureCase[]
  refused: Record<'cmyk.jpg' | 'animated.webp', string>
}

const fixture = JSON.parse(readFileSync(new URL('./decode.fixture.json', import.meta.url), 'utf8')) as Fixture
const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64'))
const require = createRequire(import.meta.url)
const decoder = createPictureDecoder(async (codec) => new Uint8Array(readFileSync(require.resolve(WASM_FILES[codec]))))
const fileOf = (name: string) => bytesOf((fixture.pictures.find((p) => p.name === name) as PictureCase).file)

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - (b[i] as number))), 0)
}

describe('createPictureDecoder', () => {
  for (const truth of fixture.pictures) {
    it(`gives Pillow's pixels: ${truth.name} (±${truth.tolerance})`, async () => {
      const picture = await decoder.decode(bytesOf(truth.file), truth.name)
      expect([picture.height, picture.width, picture.channels].join()).toBe(
        // WebP has no gray form
        [truth.height, truth.width, truth.channels].join(),
      )
      expect(largestDifference(picture.pixels, bytesOf(truth.pixels))).toBeLessThanOrEqual(truth.tolerance)
    })
  }

  it('goes on after damaged pictures', async () => {
    for (const [name, cut] of [
      ['444.jpg', 200],
      ['lossy.webp', 40],
    ] as const) {
      const bytes = fileOf(name)
      await expect(decoder.decode(bytes.slice(0, bytes.length - cut), name)).rejects.toBeInstanceOf(FormatError)
      await expect(decoder.decode(bytes, name)).resolves.toMatchObject({ width: 35, height: 21 })
    }
  })

  it('refuses a truncated JPEG, which libjpeg would fill with gray', async () => {
    const bytes = fileOf('444.jpg')
    await expect(decoder.decode(bytes.slice(0, bytes.length - 100), 'cut.jpg')).rejects.toThrow(
      /^cut\.jpg: the JPEG data are damaged \(.*Premature end of JPEG file/,
    )
  })

  it('refuses PNG data that do not unpack', async () => {
    const { crc32 } = await import('../../core/crc32')
    const bytes = fileOf('rgb.png')
    const at = Buffer.from(bytes).indexOf('IDAT')
    bytes[at + 8] = (bytes[at + 8] as number) ^ 0xff
    const view = new DataView(bytes.buffer)
    const length = view.getUint32(at - 4)
    view.setUint32(at + 4 + length, crc32(bytes.subarray(at, at + 4 + length)))
    await expect(decoder.decode(bytes, 'x.png')).rejects.toThrow(/^x\.png: the PNG data are damaged/)
    await expect(decoder.decode(fileOf('rgb.png'), 'rgb.png')).resolves.toMatchObject({ width: 29 })
  })

  it('decodes several at once without mixing them up', async () => {
    const cut = fileOf('444.jpg').slice(0, -100)
    const results = await Promise.allSettled([
      decoder.decode(fileOf('420.jpg'), 'a'),
      decoder.decode(cut, 'b'),
      decoder.decode(fileOf('gray.jpg'), 'c'),
    ])
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('names a decoder that cannot be loaded', async () => {
    const broken = createPictureDecoder(async () => new Uint8Array(4))
    await expect(broken.decode(fileOf('rgb.png'), 'x.png')).rejects.toThrow(/the PNG data are damaged|WebAssembly/)
  })
})

describe('inspectPicture', () => {
  for (const truth of fixture.pictures) {
    it(`reads the header of ${truth.name}`, () => {
      const bytes = bytesOf(truth.file)
      const header = inspectPicture(bytes, truth.name)
      const isTurned = header.orientation >= 5
      expect([header.width, header.height]).toEqual(
        isTurned ? [truth.height, truth.width] : [truth.width, truth.height],
      )
      expect(header).toMatchObject({
        codec: truth.name.endsWith('jpg') ? 'jpeg' : truth.name.split('.')[1],
        isGray: truth.channels === 1,
        orientation: truth.orientation ?? 1,
        hasAlpha: truth.hasAlpha ?? false,
        hasProfile: truth.hasProfile ?? false,
        bits: truth.bits ?? 8,
      })
    })
  }

  const edit = (name: string, change: (view: DataView, bytes: Bytes) => void): Bytes => {
    const bytes = fileOf(name)
    change(new DataView(bytes.buffer), bytes)
    return bytes
  }
  const frameAt = (bytes: Bytes) => Buffer.from(bytes).indexOf(Buffer.from([0xff, 0xc0]))
  const bad: [string, Bytes, RegExp, typeof FormatError | typeof UnsupportedError][] = [
    ['nothing', new Uint8Array(0), /a JPEG, PNG or WebP picture was expected/, FormatError],
    ['a GIF', new TextEncoder().encode('GIF89a'), /convert the picture to PNG/, FormatError],
    [
      'a CMYK JPEG',
      bytesOf(fixture.refused['cmyk.jpg']),
      /this JPEG is CMYK, which has no single meaning as RGB/,
      UnsupportedError,
    ],
    ['an animation', bytesOf(fixture.refused['animated.webp']), /animated WebP is not read/, UnsupportedError],
    ['a JPEG of three bytes', Uint8Array.of(0xff, 0xd8, 0xff), /found 0/, FormatError],
    [
      'a JPEG without markers',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 2, 7, 7),
      /at byte 6: a JPEG marker was expected, found byte 7/,
      FormatError,
    ],
    [
      'a JPEG that ends early',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 2),
      /a JPEG marker was expected, found the end of the file/,
      FormatError,
    ],
    [
      'a JPEG whose data come first',
      Uint8Array.of(0xff, 0xd8, 0xff, 0xda, 0, 2),
      /the size of the picture was expected before its data/,
      FormatError,
    ],
    [
      'a JPEG bomb',
      edit('444.jpg', (v, b) => v.setUint32(frameAt(b) + 5, 0xffffffff)),
      /65535 × 65535 pixels; at most 100 megapixels/,
      UnsupportedError,
    ],
    [
      'a JPEG without pixels',
      edit('444.jpg', (v, b) => v.setUint16(frameAt(b) + 5, 0)),
      /a picture of 35 × 0 has no pixels/,
      FormatError,
    ],
    [
      'a JPEG of 2 components',
      edit('444.jpg', (v, b) => v.setUint8(frameAt(b) + 9, 2)),
      /1 or 3 colour components were expected, found 2/,
      FormatError,
    ],
    [
      'a 12-bit JPEG',
      edit('444.jpg', (v, b) => v.setUint8(frameAt(b) + 4, 12)),
      /12-bit JPEGs are not read/,
      UnsupportedError,
    ],
    [
      'an arithmetic JPEG',
      edit('444.jpg', (v, b) => v.setUint8(frameAt(b) + 1, 0xc9)),
      /arithmetic-coded/,
      UnsupportedError,
    ],
    [
      'a JPEG of 200 scans',
      new Uint8Array([...fileOf('progressive.jpg'), ...Array.from({ length: 400 }, (_, i) => (i % 2 ? 0xda : 0xff))]),
      /at most 100 scans were expected/,
      FormatError,
    ],
    ['a PNG bomb', pngWith(65535, 65535, 8, 2), /65535 × 65535 pixels; at most 100 megapixels/, UnsupportedError],
    ['a PNG of 2³¹ pixels a side', pngWith(2 ** 31, 1, 8, 2), /at most 100 megapixels/, UnsupportedError],
    ['a PNG of colour type 5', pngWith(3, 5, 8, 5), /colour type 5 with 8 bits does not exist/, FormatError],
    ['a PNG of 3 bits', pngWith(3, 5, 3, 0), /colour type 0 with 3 bits does not exist/, FormatError],
    [
      'a PNG with a wrong checksum',
      edit('rgb.png', (v) => v.setUint8(40, v.getUint8(40) ^ 1)),
      /checksum of the chunk|chunk name/,
      FormatError,
    ],
    [
      'a cut PNG',
      fileOf('rgb.png').slice(0, -10),
      /has \d+ bytes, but|a chunk was expected|IEND was expected/,
      FormatError,
    ],
    ['a PNG without data', pngWith(3, 5, 8, 2).slice(0, 33), /the chunk IDAT was expected/, FormatError],
    ['a cut WebP', fileOf('lossless.webp').slice(0, -10), /a file of \d+ bytes was expected, found/, FormatError],
    [
      'a WebP without a picture',
      edit('lossless.webp', (v) => v.setUint8(15, 0x59)),
      /a picture \(chunk VP8 or VP8L\) was expected/,
      FormatError,
    ],
  ]
  for (const [name, bytes, message, kind] of bad) {
    it(`refuses ${name}`, () => {
      const act = () => inspectPicture(bytes, 'x')
      expect(act).toThrow(message)
      expect(act).toThrow(kind)
    })
  }

  it('leaves files of other kinds to other readers', () => {
    expect(pictureCodec(new TextEncoder().encode('\x93NUMPY'))).toBeNull()
  })
})

/** A PNG header, an empty IDAT and IEND, with right checksums. */
function pngWith(width: number, height: number, depth: number, colour: number): Bytes {
  const chunk = (type: string, data: readonly number[]) => {
    const body = Buffer.from([...Buffer.from(type), ...data])
    const result = Buffer.alloc(body.length + 8)
    result.writeUInt32BE(data.length)
    body.copy(result, 4)
    result.writeUInt32BE(zlibCrc(body), body.length + 4)
    return [...result]
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([depth, colour, 0, 0, 0], 8)
  return new Uint8Array([
    0x89,
    0x50,
    0x4e,
    0x47,
    0x0d,
    0x0a,
    0x1a,
    0x0a,
    ...chunk('IHDR', [...head]),
    ...chunk('IDAT', []),
    ...chunk('IEND', []),
  ])
}

/** Bit by bit, independent of the table under test. */
function zlibCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
