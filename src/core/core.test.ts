import { describe, expect, it } from 'vitest'
import { blobSource, memorySource, MemoryFolder, readChunks } from './bytes'
import { dtypeFromOnnx, dtypeToOnnx, elementCount, storageBytes } from './dtypes'
import { AbortError, assert, FormatError, throwIfAborted } from './errors'
import { PaceMeter, WholeMeter } from './eta'
import { formatBytes, formatDb, formatMs, formatPercent, formatRemaining } from './format-text'
import { sha256Of, startSha256 } from './hash'
import { resolveOptions, type OptionSchema } from './options'
import { Random } from './random'

describe('bytes', () => {
  const source = memorySource(new Uint8Array([1, 2, 3, 4, 5]), 'five.bin')

  it('reads a file piece by piece', async () => {
    const pieces: number[][] = []
    for await (const chunk of readChunks(source, 1, 4, { chunkBytes: 3 })) pieces.push([...chunk])
    expect(pieces).toEqual([[2, 3, 4], [5]])
  })

  it('names the file and the place of a range that leaves it', async () => {
    await expect(source.read(3, 4)).rejects.toThrow(
      'five.bin at byte 3: 4 bytes from byte 3 were expected, but the file ends at byte 5',
    )
    await expect(source.read(-1, 2)).rejects.toThrow(FormatError)
    await expect(source.read(0, NaN)).rejects.toThrow(FormatError)
    await expect(blobSource(new Blob([new Uint8Array(2)]), 'two.bin').read(0, 3)).rejects.toThrow('two.bin')
  })

  it('says what to do when a blob can no longer be read', async () => {
    const blob = { size: 9, slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) }
    await expect(blobSource(blob as unknown as Blob, 'moved.onnx').read(0, 9)).rejects.toThrow(
      /moved\.onnx.*drop it again/,
    )
  })

  it('shows a file in memory only after close', async () => {
    const folder = new MemoryFolder()
    const sink = await folder.create('a')
    await sink.write(new Uint8Array([7]))
    expect(folder.files.has('a')).toBe(false)
    await sink.close()
    expect([...(folder.files.get('a') ?? [])]).toEqual([7])
  })

  it('stops when it is cancelled', async () => {
    const abort = new AbortController()
    abort.abort()
    await expect(sha256Of([source], { signal: abort.signal })).rejects.toThrow(AbortError)
    expect(() => throwIfAborted(abort.signal)).toThrow('Cancelled')
  })

  it('hashes several files as one', async () => {
    // sha256('abc') of FIPS 180-4
    const parts = ['a', 'bc'].map((text) => memorySource(new TextEncoder().encode(text)))
    expect(await sha256Of(parts)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('hashes side by side and one after the other, each by itself', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    const [one, other] = [await startSha256(), await startSha256()]
    one.update(Uint8Array.of(97))
    other.update(Uint8Array.of(1, 2, 3))
    one.update(Uint8Array.of(98, 99))
    expect(one.digest()).toBe(abc)
    expect(() => one.digest()).toThrow('a hash was finished twice')
    expect(() => one.update(Uint8Array.of(1))).toThrow('a finished hash was added to')
    const again = await startSha256()
    other.update(Uint8Array.of(4))
    again.update(Uint8Array.of(97, 98, 99))
    expect(again.digest()).toBe(abc)
    // sha256 of the bytes 1, 2, 3, 4
    expect(other.digest()).toBe('9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a')
  })
})

describe('dtypes', () => {
  it('keeps numbers that this version does not know', () => {
    expect(dtypeFromOnnx(99)).toBe('unknown-99')
    for (let number = 0; number < 30; number++) expect(dtypeToOnnx(dtypeFromOnnx(number))).toBe(number)
  })

  it('packs sub-byte types', () => {
    expect(storageBytes('int4', 5)).toBe(3)
    expect(storageBytes('uint2', 5)).toBe(2)
    expect(storageBytes('string', 5)).toBeUndefined()
    expect(elementCount([])).toBe(1)
    expect(elementCount([3, 0, 2])).toBe(0)
  })
})

describe('options', () => {
  const schema = {
    bits: { type: 'number', label: 'Bits', help: '', default: 8, min: 2, max: 8, integer: true },
    fold: { type: 'boolean', label: 'Fold', help: '', default: true },
    scheme: { type: 'enum', label: 'Scheme', help: '', default: 'symmetric', values: ['symmetric', 'asymmetric'] },
    skip: { type: 'text', label: 'Skip', help: '', default: '', maxLength: 4 },
  } as const satisfies OptionSchema

  it('fills in defaults and reads the text of a command line', () => {
    expect(resolveOptions(schema, {}, 'x')).toEqual({ bits: 8, fold: true, scheme: 'symmetric', skip: '' })
    expect(resolveOptions(schema, { bits: '4', fold: 'off' }, 'x')).toMatchObject({ bits: 4, fold: false })
  })

  it.each([
    [{ bits: 9 }, 'Option "bits" of x takes a whole number from 2 to 8, not 9.'],
    [{ bits: 2.5 }, 'Option "bits" of x takes a whole number from 2 to 8, not 2.5.'],
    [{ bits: ' ' }, 'Option "bits" of x takes a whole number from 2 to 8, not " ".'],
    [{ fold: 'maybe' }, 'Option "fold" of x takes true or false, not "maybe".'],
    [{ scheme: 'odd' }, 'Option "scheme" of x takes one of symmetric, asymmetric, not "odd".'],
    [{ skip: 'fives' }, 'Option "skip" of x takes text of at most 4 characters, not "fives".'],
    [{ width: 1 }, 'x has no option "width". It has: bits, fold, scheme, skip.'],
    [{ toString: 1 }, 'x has no option "toString". It has: bits, fold, scheme, skip.'],
  ])('refuses %j', (given, message) => {
    expect(() => resolveOptions(schema, given, 'x')).toThrow(message)
  })
})

describe('Random', () => {
  it('gives the same numbers for the same seed, on every machine', () => {
    const random = new Random(42)
    // frozen on first use: a change would change recipes' results
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        1959603763,
        2423114712,
        2466933512,
      ]
    `)
    expect(new Random(1).uint32()).not.toBe(new Random(2).uint32())
  })

  it('draws standard normals', () => {
    const random = new Random(7)
    const values = Array.from({ length: 20001 }, () => random.normal())
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
    expect(mean).toBeCloseTo(0, 1)
    expect(variance).toBeCloseTo(1, 1)
  })

  it('shuffles without losing anything', () => {
    const shuffled = new Random(3).shuffle([1, 2, 3, 4, 5, 6, 7])
    expect(shuffled).not.toEqual([1, 2, 3, 4, 5, 6, 7])
    expect([...shuffled].sort()).toEqual([1, 2, 3, 4, 5, 6, 7])
  })
})

describe('format-text', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [12_345, '12.3 kB'],
    [4_955_097, '4.96 MB'],
    [999_600, '1.00 MB'],
    [123_456_789, '123 MB'],
    [2.5e9, '2.50 GB'],
  ])('shows %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('shows times, shares and decibels', () => {
    expect([formatMs(0.1234), formatMs(12.34), formatMs(2345)]).toEqual(['0.123 ms', '12.3 ms', '2.35 s'])
    expect(formatPercent(0.8135, 2)).toBe('81.35%')
    expect([formatDb(null), formatDb(38.06)]).toEqual(['identical', '38.1 dB'])
    expect([200, 11_500, 240_000].map(formatRemaining)).toEqual(['less than 1 s', 'about 12 s', 'about 4 min'])
  })
})

describe('WholeMeter', () => {
  it('tells the time left of the whole after three seconds, and gets it right at a steady pace', () => {
    const meter = new WholeMeter()
    const guesses = Array.from({ length: 101 }, (_, i) => meter.update(i / 200, i * 100))
    expect(guesses.slice(0, 30).every((guess) => guess === undefined)).toBe(true)
    expect(guesses[30]).toBeCloseTo(17_000, -3)
    expect(guesses[100]).toBeCloseTo(10_000, -2)
  })

  it('does not take skipped work for speed', () => {
    const meter = new WholeMeter()
    meter.update(0, 0)
    meter.update(0.6, 100)
    for (let i = 1; i <= 40; i++) meter.update(0.6 + i / 1000, 100 + i * 100)
    expect(meter.update(0.641, 4200)).toBeCloseTo(36_000, -4)
  })

  it('follows a job that slows down', () => {
    const meter = new WholeMeter()
    for (let i = 0; i <= 50; i++) meter.update(i / 100, i * 100)
    const before = meter.update(0.5, 5100) ?? 0
    for (let i = 0; i <= 100; i++) meter.update(0.5 + i / 2000, 5100 + i * 100)
    expect(meter.update(0.55, 15_200)).toBeGreaterThan(3 * before)
  })
})

describe('PaceMeter', () => {
  it('tells the time left once the pace is known, and starts anew with every stage', () => {
    const meter = new PaceMeter()
    const at = (stage: string, done: number, ms: number) => meter.update({ stage, done, total: 100, unit: 'bytes' }, ms)
    expect(at('read', 0, 0).remainingMs).toBeUndefined()
    expect(at('read', 10, 500).remainingMs).toBeUndefined()
    expect(at('read', 40, 2000).remainingMs).toBeCloseTo(3000, 0)
    expect(at('write', 1, 2500).remainingMs).toBeUndefined()
    expect(meter.update({ stage: 'search', done: 3, total: 0, unit: 'items' }, 3000).fraction).toBeUndefined()
  })
})

it('assert marks bugs of our own', () => {
  expect(() => assert(false, 'impossible')).toThrow('Bug in Plume: impossible')
})
