import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memorySource, type ByteSource, type Bytes } from '../../core/bytes'
import { FormatError, PlumeError, UnsupportedError, UsageError } from '../../core/errors'
import { asNumbers } from '../../core/tensor'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { openSamples, sampleFilesOf } from '../samples'
import { labelPathsFor, readIdx } from './idx'

/** An IDX file; sizes are big-endian. */
function idxFile(type: number, shape: readonly number[], data: readonly number[]): Bytes {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length)
  bytes.set([0, 0, type, shape.length])
  const view = new DataView(bytes.buffer)
  shape.forEach((size, axis) => view.setUint32(4 + 4 * axis, size))
  bytes.set(data, 4 + 4 * shape.length)
  return bytes
}

const gz = (bytes: Bytes): Bytes => new Uint8Array(gzipSync(bytes))
const images = idxFile(
  8,
  [3, 2, 5],
  Array.from({ length: 30 }, (_, i) => i * 7),
)
const labels = idxFile(8, [3], [9, 0, 4])

function files(contents: Record<string, Bytes>, given = Object.keys(contents)) {
  const sources = new Map(Object.entries(contents).map(([path, bytes]) => [path, memorySource(bytes, path)]))
  const all = sampleFilesOf('set', sources)
  return { ...all, paths: [...given].sort() }
}

describe('readIdx', () => {
  it('reads big-endian elements: 258 and -2 as int16', async () => {
    const array = await readIdx(memorySource(idxFile(0x0b, [2, 1], [1, 2, 0xff, 0xfe])))
    expect([array.dtype, array.shape, [...asNumbers(array)]]).toEqual(['int16', [2, 1], [258, -2]])
  })

  it('reads packed files that are shorter than the longest header', async () => {
    expect([...(await readIdx(memorySource(gz(labels)))).data]).toEqual([9, 0, 4])
  })

  const cut = (bytes: Bytes, drop: number) => bytes.slice(0, bytes.length - drop)
  const damaged = (bytes: Bytes, at: number) => bytes.map((byte, i) => (i === at ? byte ^ 0x55 : byte))
  const bad: [string, Bytes, RegExp, typeof FormatError | typeof UnsupportedError][] = [
    ['nothing', new Uint8Array(0), /an IDX file begins with 00 00, .* found nothing/, FormatError],
    ['an unknown type', idxFile(0x0a, [1], [1]), /found 00 00 0a 01/, FormatError],
    ['rank 0', idxFile(8, [], []), /found 00 00 08 00/, FormatError],
    ['sizes cut off', images.slice(0, 9), /3 sizes were expected, but the file ends before them/, FormatError],
    ['missing data', cut(images, 1), /makes a file of 46 bytes, found 45/, FormatError],
    ['too much data', new Uint8Array([...images, 1]), /makes a file of 46 bytes, found 47/, FormatError],
    [
      'sizes beyond memory',
      idxFile(8, [0xffffffff, 0xffffffff], []),
      /take 1\.8\d+e\+19 bytes; at most 2147483647 are read|take 18\d+ bytes/,
      UnsupportedError,
    ],
    ['a bomb', gz(idxFile(8, [1000, 1000, 1000], [1, 2])), /\d+ packed bytes cannot hold the 1000000016/, FormatError],
    ['packed data that are short', gz(cut(images, 7)), /46 unpacked bytes were expected, found 39/, FormatError],
    [
      'packed data that are long',
      gz(new Uint8Array([...images, 1])),
      /46 unpacked bytes were expected, found more/,
      FormatError,
    ],
    [
      'a cut gzip file',
      cut(gz(images), 12),
      /the gzip data are damaged|unpacked bytes were expected|checksum/,
      FormatError,
    ],
    [
      'a wrong gzip checksum',
      damaged(gz(images), gz(images).length - 6),
      /the gzip checksum does not match/,
      FormatError,
    ],
    [
      'a gzip file of something else',
      gz(new TextEncoder().encode('a,b\n1,2\n')),
      /found 61 2c 62 0a\. Among gzip files only/,
      FormatError,
    ],
  ]
  for (const [name, bytes, message, kind] of bad) {
    it(`refuses ${name}`, async () => {
      const error = await readIdx(memorySource(bytes, 'x.idx')).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(kind)
      expect((error as Error).message).toMatch(message)
    })
  }
})

describe('idx samples', () => {
  it('finds the labels beside the images, given one path', async () => {
    const set = files({ 't10k-images-idx3-ubyte.gz': gz(images), 't10k-labels-idx1-ubyte.gz': gz(labels) }, [
      't10k-images-idx3-ubyte.gz',
    ])
    const samples = await openSamples(set)
    if (samples.kind !== 'pictures') throw new Error('pictures expected')
    expect(samples.count).toBe(3)
    expect(samples.labels).toEqual({ shape: [], values: Int32Array.of(9, 0, 4) })
    expect(samples.notes).toEqual([])
    const picture = await samples.read(1)
    expect(picture).toMatchObject({ width: 5, height: 2, channels: 1 })
    expect([...picture.pixels]).toEqual([70, 77, 84, 91, 98, 105, 112, 119, 126, 133])
  })

  it('hashes images and labels in path order, the same for a pair and for one path', async () => {
    const contents = { 'a-images.idx3-ubyte': images, 'a-labels.idx1-ubyte': labels }
    const one = await openSamples(files(contents, ['a-images.idx3-ubyte']))
    const both = await openSamples(files(contents))
    expect(one.sha256).toBe(both.sha256)
    const { createHash } = await import('node:crypto')
    expect(one.sha256).toBe(createHash('sha256').update(images).update(labels).digest('hex'))
  })

  it('goes without labels, and says so', async () => {
    const samples = await openSamples(files({ 'a-images-idx3-ubyte': images }))
    expect(samples.labels).toBeUndefined()
    expect(samples.notes).toEqual(['a-images-idx3-ubyte: no labels file was found beside it.'])
  })

  it('gives other shapes as arrays', async () => {
    const samples = await openSamples(files({ 'x.idx': idxFile(8, [2, 3], [1, 2, 3, 4, 5, 6]) }))
    expect(samples.kind === 'arrays' && samples.arrays.get('')?.shape).toEqual([2, 3])
  })

  it('tries packed and plain names, keeping folder and prefix', () => {
    expect(labelPathsFor('m/train-images-idx3-ubyte.gz')).toEqual([
      'm/train-labels-idx1-ubyte.gz',
      'm/train-labels-idx1-ubyte',
    ])
    expect(labelPathsFor('t10k-images.idx3-ubyte')).toEqual(['t10k-labels.idx1-ubyte', 't10k-labels.idx1-ubyte.gz'])
  })

  it('refuses what does not belong together', async () => {
    const two = { 'train-images-idx3-ubyte': images, 't10k-images-idx3-ubyte': images }
    await expect(openSamples(files(two))).rejects.toThrow(
      new UsageError(
        'set: one file of images (…-images-idx3-ubyte) was expected, found t10k-images-idx3-ubyte, train-images-idx3-ubyte. ' +
          'Name the images file itself; its labels are found beside it.',
      ),
    )
    await expect(openSamples(files({ 'a-labels-idx1-ubyte': labels }))).rejects.toThrow(/holds labels only/)
    const short = { 'a-images-idx3-ubyte': images, 'a-labels-idx1-ubyte': idxFile(8, [2], [1, 2]) }
    await expect(openSamples(files(short))).rejects.toThrow(/3 labels were expected for a-images-idx3-ubyte, found 2/)
    const wide = { 'a-images-idx3-ubyte': images, 'a-labels-idx1-ubyte': idxFile(9, [3], [1, 2, 3]) }
    await expect(openSamples(files(wide))).rejects.toThrow(/uint8 labels of rank 1 were expected, found int8 of rank 1/)
    await expect(openSamples(files({ 'a.idx': idxFile(8, [0, 2, 2], []) }))).rejects.toThrow(/at least one sample/)
    await expect(openSamples(files({ 'a.idx': idxFile(8, [2, 0, 2], []) }))).rejects.toThrow(/empty images of 2 × 0/)
  })
})

describe.skipIf(!hasSharedData)('files of other projects (needs ../shared/data)', () => {
  it('reads MNIST: 10000 digits, the first a 7', async () => {
    const sources = new Map<string, ByteSource>()
    for (const name of ['t10k-images-idx3-ubyte.gz', 't10k-labels-idx1-ubyte.gz']) {
      sources.set(name, memorySource(new Uint8Array(readFileSync(sharedPath('mnist', name))), name))
    }
    const samples = await openSamples(sampleFilesOf('mnist', sources))
    if (samples.kind !== 'pictures') throw new Error('pictures expected')
    expect(samples.count).toBe(10000)
    expect([...(samples.labels?.values.slice(0, 5) ?? [])]).toEqual([7, 2, 1, 0, 4])
    const ink = (await samples.read(0)).pixels.reduce((sum, value) => sum + value, 0)
    expect(ink).toBe(18454)
  })

  const folder = sharedPath('malformed-gzip', 'go-fuzz')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    it(`refuses the gzip file ${name} by name`, async () => {
      const bytes = new Uint8Array(readFileSync(join(folder, name)))
      const error = await openSamples(sampleFilesOf(name, new Map([[name, memorySource(bytes, name)]]))).catch(
        (e: unknown) => e,
      )
      expect(error).toBeInstanceOf(PlumeError)
      expect((error as Error).message.startsWith(name)).toBe(true)
    })
  }
})
