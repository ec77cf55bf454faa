import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource, singleFile, type Bytes } from '../../core/bytes'
import { FormatError, PlumeError, UnsupportedError } from '../../core/errors'
import { asFloat32, asNumbers, float32Tensor, tensor, type Tensor } from '../../core/tensor'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { openSamples, sampleFilesOf } from '../samples'
import { readNpz, writeNpz } from './npz'
import { readZipDirectory, readZipEntry } from './zip-reader'

interface Fixture {
  archives: Record<'plain' | 'packed', string>
}

const fixture = JSON.parse(readFileSync(new URL('./numpy.fixture.json', import.meta.url), 'utf8')) as Fixture
const open = (bytes: Bytes, name = 'data.npz') =>
  openSamples(sampleFilesOf(name, new Map([[name, memorySource(bytes, name)]])))
const int64 = (shape: readonly number[], values: readonly number[]): Tensor =>
  tensor('int64', shape, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer))
const float32 = (shape: readonly number[], values: readonly number[]) => float32Tensor(shape, Float32Array.from(values))

describe('npz samples', () => {
  for (const form of ['plain', 'packed'] as const) {
    it(`reads what NumPy wrote (${form}): inputs, a value for all samples, labels`, async () => {
      const samples = await open(new Uint8Array(Buffer.from(fixture.archives[form], 'base64')))
      if (samples.kind !== 'arrays') throw new Error('arrays expected')
      expect(samples.count).toBe(5)
      expect([...samples.arrays.keys()]).toEqual(['x', 'rate'])
      const x = samples.arrays.get('x') as Tensor
      expect(x.shape).toEqual([5, 3, 2])
      expect([...asFloat32(x)]).toEqual(Array.from({ length: 30 }, (_, i) => i - 7.5))
      expect(samples.arrays.get('rate')?.shape).toEqual([])
      expect([...asNumbers(samples.arrays.get('rate') as Tensor)]).toEqual([16000])
      expect(samples.labels).toEqual({ shape: [], values: Int32Array.of(4, 0, -1, 2, 9) })
      expect(samples.sha256).toMatch(/^[0-9a-f]{64}$/)
    })
  }

  it('keeps labels of several dimensions', async () => {
    const bytes = writeNpz(
      new Map([
        ['tokens', int64([2, 3], [1, 2, 3, 4, 5, 6])],
        ['labels', int64([2, 3], [2, 3, -1, 5, 6, -1])],
      ]),
    )
    expect((await open(bytes)).labels).toEqual({ shape: [3], values: Int32Array.of(2, 3, -1, 5, 6, -1) })
  })

  const bad: [string, Map<string, Tensor>, RegExp][] = [
    [
      'counts that differ',
      new Map([
        ['a', float32([3], [1, 2, 3])],
        ['b', float32([2], [1, 2])],
      ]),
      /the array b has 2 samples, but a has 3/,
    ],
    [
      'labels of another count',
      new Map([
        ['a', float32([3], [1, 2, 3])],
        ['labels', int64([2], [0, 1])],
      ]),
      /the array labels has 2 samples/,
    ],
    [
      'labels alone',
      new Map([['labels', int64([2], [0, 1])]]),
      /at least one array of shape \(samples, …\) was expected/,
    ],
    ['scalars alone', new Map([['sr', int64([], [8])]]), /at least one array of shape/],
    ['no samples', new Map([['a', float32([0, 4], [])]]), /at least one sample was expected, found 0/],
    [
      'a label beyond int32',
      new Map([
        ['a', float32([1], [1])],
        ['labels', int64([1], [2 ** 40])],
      ]),
      /label 0 is 1099511627776; a whole number/,
    ],
    [
      'a label of one half',
      new Map([
        ['a', float32([2], [1, 2])],
        ['labels', float32([2], [1, 0.5])],
      ]),
      /label 1 is 0\.5/,
    ],
    [
      'one label for all',
      new Map([
        ['a', float32([1], [1])],
        ['labels', int64([], [1])],
      ]),
      /found a single number/,
    ],
  ]
  for (const [name, arrays, message] of bad) {
    it(`refuses ${name}`, async () => {
      const error = await open(writeNpz(arrays)).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(FormatError)
      expect((error as Error).message).toMatch(message)
    })
  }

  it('says what to do with a zip of pictures', async () => {
    const { zipSync } = await import('fflate')
    await expect(open(zipSync({ 'cat/1.png': new Uint8Array(4) }), 'cats.npz')).rejects.toThrow(
      /cats\.npz at byte 0: a \.npz archive holds \.npy files only, found cat\/1\.png\. .*unpacked folder/,
    )
  })
})

describe('writeNpz', () => {
  const arrays = new Map([
    ['input', float32([2, 3], [1, -2, 3.5, 0, NaN, 6])],
    ['10', int64([], [-5])],
    ['flags', tensor('bool', [3], Uint8Array.of(1, 0, 1))],
  ])

  for (const compress of [false, true]) {
    it(`is read back equal, whatever its time (compress ${compress})`, async () => {
      const bytes = writeNpz(arrays, { compress })
      expect(await readNpz(memorySource(bytes))).toEqual(arrays)
      expect(writeNpz(new Map(arrays), { compress })).toEqual(bytes)
    })
  }
})

describe('readZipDirectory', () => {
  const small = () =>
    writeNpz(
      new Map([
        ['a', float32([3], [1, 2, 3])],
        ['b', float32([64], new Array<number>(64).fill(1))],
      ]),
      { compress: true },
    )
  /** Where the directory's entry for the first file begins. */
  const directoryAt = (bytes: Bytes) => Buffer.from(bytes).indexOf(Buffer.from([0x50, 0x4b, 1, 2]))
  const endAt = (bytes: Bytes) => Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  const changed = (change: (view: DataView, bytes: Bytes) => void) => {
    const bytes = small()
    change(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes)
    return readNpz(memorySource(bytes, 'x.npz')).catch((e: unknown) => e as Error)
  }

  const cases: [
    string,
    (view: DataView, bytes: Bytes) => void,
    RegExp,
    typeof FormatError | typeof UnsupportedError,
  ][] = [
    ['several volumes', (v, b) => v.setUint16(endAt(b) + 4, 1, true), /several volumes/, UnsupportedError],
    ['zip64', (v, b) => v.setUint32(endAt(b) + 16, 0xffffffff, true), /zip64 archives/, UnsupportedError],
    [
      'a directory past the end',
      (v, b) => v.setUint32(endAt(b) + 12, 9999, true),
      /the directory \(2 entries, 9999 bytes from byte \d+\) does not fit/,
      FormatError,
    ],
    [
      'more entries than there are',
      (v, b) => {
        v.setUint16(endAt(b) + 8, 99, true)
        v.setUint16(endAt(b) + 10, 99, true)
      },
      /the directory \(99 entries/,
      FormatError,
    ],
    [
      'a broken directory',
      (v, b) => v.setUint32(directoryAt(b), 7, true),
      /directory entry 0 of 2 was expected/,
      FormatError,
    ],
    [
      'a name past the directory',
      (v, b) => v.setUint16(directoryAt(b) + 28, 5000, true),
      /directory entry 0 leaves the directory/,
      FormatError,
    ],
    ['encryption', (v, b) => v.setUint16(directoryAt(b) + 8, 1, true), /a\.npy is encrypted/, UnsupportedError],
    ['another method', (v, b) => v.setUint16(directoryAt(b) + 10, 12, true), /packed by method 12/, UnsupportedError],
    [
      'a wrong checksum',
      (v, b) => v.setUint32(directoryAt(b) + 16, 1, true),
      /CRC-32 00000001 was expected, found [0-9a-f]{8}/,
      FormatError,
    ],
    [
      'a size too small',
      (v, b) => v.setUint32(directoryAt(b) + 24, 20, true),
      /20 unpacked bytes were expected, found more/,
      FormatError,
    ],
    [
      'a size too large',
      (v, b) => v.setUint32(directoryAt(b) + 24, 200, true),
      /200 unpacked bytes were expected, found 140/,
      FormatError,
    ],
    [
      'a size that cannot be',
      (v, b) => v.setUint32(directoryAt(b) + 24, 100_000_000, true),
      /\d+ packed bytes cannot hold 100000000/,
      FormatError,
    ],
    [
      'a bomb',
      (v, b) => v.setUint32(directoryAt(b) + 24, 2_000_000_000, true),
      /claim to unpack to 2000000384/,
      FormatError,
    ],
    [
      'an entry past the end',
      (v, b) => v.setUint32(directoryAt(b) + 20, 5000, true),
      /leaves the file|overlaps/,
      FormatError,
    ],
    [
      'entries that overlap',
      (v, b) => v.setUint32(directoryAt(b) + 42, 1, true),
      /overlaps the one before it|leaves the file|header of the entry/,
      FormatError,
    ],
    [
      'damaged deflate data',
      (_, b) => b.fill(0xff, 35, 60),
      /the packed bytes are damaged \(invalid block type\)/,
      FormatError,
    ],
    ['a header that disagrees', (v) => v.setUint16(8, 0, true), /disagrees with the directory/, FormatError],
    ['a lost header', (v) => v.setUint32(0, 1, true), /the header of the entry was expected/, FormatError],
  ]
  for (const [name, change, message, kind] of cases) {
    it(`refuses ${name}`, async () => {
      const error = await changed(change)
      expect(error).toBeInstanceOf(kind)
      expect((error as Error).message).toMatch(message)
    })
  }

  it('refuses names that climb out, are absolute, or stand twice', async () => {
    const { zipSync } = await import('fflate')
    for (const name of ['../a.npy', '/a.npy', 'C:/a.npy', 'b\\a.npy', 'b/./a.npy']) {
      await expect(readNpz(memorySource(zipSync({ [name]: new Uint8Array(1) })))).rejects.toThrow(
        `a plain relative file name was expected, found ${JSON.stringify(name)}`,
      )
    }
    const twice = Buffer.from(zipSync({ 'a.npy': new Uint8Array(1), 'b.npy': new Uint8Array(1) }))
    const bytes = new Uint8Array(Buffer.from(twice.toString('latin1').replaceAll('b.npy', 'a.npy'), 'latin1'))
    await expect(readNpz(memorySource(bytes))).rejects.toThrow(/the entry a\.npy stands twice/)
  })

  it('keeps to the number of entries it is allowed', async () => {
    const limits = { entries: 1, totalBytes: 1e9, ratio: 200, freeBytes: 1e9 }
    await expect(readZipDirectory(memorySource(small()), limits)).rejects.toThrow(
      /at most 1 entries were expected, found 2/,
    )
  })
})

/** The good archives but those that are encrypted, zip64, packed by an unknown method, or have a foreign encoding or \ in names. */
const READABLE = /Ntfs|big|cygwin|directories|empty|linux|unix|windows/

/** Reads every entry of an archive. */
async function unzipAll(bytes: Bytes, name: string): Promise<number> {
  const { main } = singleFile(memorySource(bytes, name))
  const entries = await readZipDirectory(main)
  for (const entry of entries) if (!entry.isDirectory) await readZipEntry(main, entry)
  return entries.length
}

describe.skipIf(!hasSharedData)('archives of other projects (needs ../shared/data)', () => {
  const folders = ['yauzl/bad', 'yauzl/good', 'go-fuzz'].map((name) => sharedPath('malformed-zip', ...name.split('/')))

  for (const folder of folders.filter((path) => existsSync(path))) {
    for (const name of readdirSync(folder)) {
      it(`gives a result or an error that names the file: ${name}`, async () => {
        const bytes = new Uint8Array(readFileSync(join(folder, name)))
        const outcome = await unzipAll(bytes, name).catch((e: unknown) => e)
        if (typeof outcome !== 'number') {
          expect(outcome).toBeInstanceOf(PlumeError)
          expect((outcome as Error).message.startsWith(name)).toBe(true)
        }
        if (folder.endsWith('bad')) expect(outcome, 'a broken archive must not be read').not.toBeTypeOf('number')
        if (folder.endsWith('good') && READABLE.test(name)) expect(outcome).toBeTypeOf('number')
        // whatever it holds, it is no samples
        await expect(open(bytes, name)).rejects.toBeInstanceOf(PlumeError)
      })
    }
  }
})
