import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes } from '../../core/bytes'
import { AbortError, FormatError, UsageError } from '../../core/errors'
import { hasSharedData, sharedPath } from '../../testing/shared-data'
import { openSamples, sampleFilesOf } from '../samples'
import { createPictureDecoder, WASM_FILES } from './decoder'
import { parseLabelsCsv } from './labels-csv'

const fixture = JSON.parse(readFileSync(new URL('./decode.fixture.json', import.meta.url), 'utf8')) as {
  pictures: { name: string; file: string }[]
}
const require = createRequire(import.meta.url)
const decoder = createPictureDecoder(async (codec) => new Uint8Array(readFileSync(require.resolve(WASM_FILES[codec]))))
const picture = (name: string): Bytes =>
  new Uint8Array(Buffer.from(fixture.pictures.find((p) => p.name === name)?.file ?? '', 'base64'))
const text = (content: string): Bytes => new TextEncoder().encode(content)

const [rgb, gray, profile, rgba, deep, jpeg] = [
  'rgb.png',
  'gray.png',
  'profile.jpg',
  'rgba.png',
  'gray16.png',
  '444.jpg',
].map(picture) as [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes]

function open(contents: Record<string, Bytes>, signal?: AbortSignal) {
  const sources = new Map(Object.entries(contents).map(([path, bytes]) => [path, memorySource(bytes, path)]))
  return openSamples(sampleFilesOf('set', sources), { decoder, ...(signal && { signal }) })
}

async function opened(contents: Record<string, Bytes>) {
  const samples = await open(contents)
  if (samples.kind !== 'pictures') throw new Error('pictures expected')
  return samples
}

describe('a folder with labels.csv', () => {
  it('takes the order of the table, and labels as they stand', async () => {
    const samples = await opened({ 'b.png': gray, 'a.jpg': jpeg, 'labels.csv': text('file,label\nb.png,7\na.jpg,0\n') })
    expect(samples.count).toBe(2)
    expect(samples.labels).toEqual({ shape: [], values: Int32Array.of(7, 0) })
    expect(samples.notes).toEqual([])
    expect(await samples.read(0)).toMatchObject({ width: 21, height: 13, channels: 1 })
    expect(await samples.read(1)).toMatchObject({ width: 35, height: 21, channels: 3 })
  })

  it('finds the table in a sub-folder, and its pictures beside it', async () => {
    const samples = await opened({ 'set/labels.csv': text('label,file\r\n3,"x/a, b.png"\r\n'), 'set/x/a, b.png': rgb })
    expect([...(samples.labels?.values ?? [])]).toEqual([3])
    expect(await samples.read(0)).toMatchObject({ width: 29 })
  })

  it('turns names into ranks and notes it', async () => {
    const table = text('file,label\na.png,dog\nb.png,cat\nc.png,dog\n')
    const samples = await opened({ 'a.png': rgb, 'b.png': gray, 'c.png': rgb, 'labels.csv': table })
    expect([...(samples.labels?.values ?? [])]).toEqual([1, 0, 1])
    expect(samples.notes).toEqual(['Labels are names; class 0 is "cat", the last of 2 "dog".'])
  })

  it('notes what it left out and what pictures carry', async () => {
    const table = text('file,label\na.jpg,1\nb.png,2\nc.png,3\n')
    const samples = await opened({ 'a.jpg': profile, 'b.png': rgba, 'c.png': deep, 'd.png': rgb, 'labels.csv': table })
    expect(samples.notes).toEqual([
      '1 pictures are not listed in labels.csv and were left out.',
      '1 of 3 pictures carry a colour profile, which was ignored.',
      '1 of 3 pictures can be transparent; transparency was dropped, the colours kept.',
      '1 of 3 pictures have 16 bits a channel, which were rounded to 8.',
    ])
  })

  it('hashes the files it uses in path order', async () => {
    const table = text('file,label\nz.png,0\nb.png,1\n')
    const samples = await opened({ 'z.png': rgb, 'b.png': gray, 'labels.csv': table, 'unused.png': deep })
    const expected = createHash('sha256').update(gray).update(table).update(rgb).digest('hex')
    expect(samples.sha256).toBe(expected)
  })

  const bad: [string, string, RegExp][] = [
    ['no heading', '1.png,3\n', /the columns "file" and "label" were expected in line 1, found "1\.png,3"/],
    ['an empty table', '', /found ""/],
    ['a heading alone', 'file,label\n', /at least one line after the heading/],
    [
      'a lost picture',
      'file,label\na.png,1\nlost.png,2\n',
      /labels\.csv: line 3: the picture lost\.png is not among the files given/,
    ],
    [
      'a path that climbs out',
      'file,label\n../../etc/passwd,1\n',
      /line 2: the picture \.\.\/\.\.\/etc\/passwd is not among/,
    ],
    ['an empty label', 'file,label\na.png,\n', /line 2: a file and a label were expected, found "a\.png,"/],
    ['numbers and names', 'file,label\na.png,1\na.png,cat\n', /labels are numbers or names, not both: found cat and 1/],
    ['a label beyond int32', 'file,label\na.png,99999999999\n', /label 99999999999 does not fit into 32 bits/],
    ['an open quote', 'file,label\n"a.png,1\n', /line 2: a quoted field is never closed/],
  ]
  for (const [name, table, message] of bad) {
    it(`refuses ${name}`, async () => {
      const error = await open({ 'a.png': rgb, 'labels.csv': text(table) }).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(FormatError)
      expect((error as Error).message).toMatch(message)
    })
  }

  it('refuses bytes that are no text, and two tables', async () => {
    await expect(open({ 'a.png': rgb, 'labels.csv': Uint8Array.of(0xff, 0xfe, 0) })).rejects.toThrow(
      /text in UTF-8 was expected/,
    )
    const table = text('file,label\n')
    await expect(open({ 'a/labels.csv': table, 'b/labels.csv': table })).rejects.toThrow(
      'set holds 2 tables of labels (a/labels.csv, b/labels.csv). Give the folder of one of them.',
    )
  })
})

describe('folders as classes', () => {
  it('ranks folder names', async () => {
    const samples = await opened({ 'top/dog/1.png': rgb, 'top/cat/2.png': gray, 'top/dog/deep/3.jpg': jpeg })
    expect(samples.count).toBe(3)
    expect([...(samples.labels?.values ?? [])]).toEqual([0, 1, 1])
    expect(samples.notes).toEqual(['Labels are folder names; class 0 is "cat", the last of 2 "dog".'])
  })

  it('takes loose pictures without labels, one folder as well', async () => {
    const loose = await opened({ 'a.png': rgb, 'b.jpg': jpeg })
    expect([loose.labels, loose.count]).toEqual([undefined, 2])
    const one = await opened({ 'cat/a.png': rgb })
    expect([one.labels, one.count]).toEqual([undefined, 1])
  })

  it('refuses loose pictures beside folders', async () => {
    await expect(open({ 'cat/a.png': rgb, 'b.png': gray })).rejects.toThrow(
      new UsageError(
        'set: 1 pictures lie beside folders of pictures, so their class is not known. ' +
          'Put each picture into the folder of its class, or add labels.csv (file,label).',
      ),
    )
  })

  it('says which picture is damaged when it is read, and reads the others', async () => {
    const samples = await opened({ 'a/1.png': rgb, 'b/2.png': rgb.slice(0, 50), 'b/3.png': text('no picture') })
    expect(samples.count).toBe(3)
    expect((await samples.read(0)).width).toBeGreaterThan(0)
    await expect(samples.read(1)).rejects.toThrow(/^b\/2\.png at byte/)
    await expect(samples.read(2)).rejects.toThrow(/^b\/3\.png/)
  })

  it('stops when it is cancelled', async () => {
    const controller = new AbortController()
    controller.abort()
    await expect(open({ 'a.png': rgb }, controller.signal)).rejects.toBeInstanceOf(AbortError)
  })

  it('needs a decoder', async () => {
    const files = sampleFilesOf('set', new Map([['a.png', memorySource(rgb)]]))
    await expect(openSamples(files)).rejects.toThrow(/pictures cannot be decoded here/)
  })
})

describe('openSamples', () => {
  it('skips what operating systems leave in folders', async () => {
    const samples = await opened({
      '.DS_Store': text('x'),
      '__MACOSX/._a.png': text('x'),
      'Thumbs.db': text('x'),
      'a.png': rgb,
    })
    expect(samples.count).toBe(1)
  })

  it('names what it takes where it knows nothing', async () => {
    await expect(open({})).rejects.toThrow(/^set is empty\. Give \.npz/)
    await expect(open({ 'a.txt': text('hello') })).rejects.toThrow(
      /^set is no data that Plume reads; it begins with the text "hello"\. Give \.npz/,
    )
    expect(await open({ 'iris.csv': text('a,b\n1,2\n') })).toMatchObject({ kind: 'table', count: 1 })
    await expect(open({ 'a.npy': text('x'), 'b.npy': text('y') })).rejects.toThrow(
      /set holds 2 files \(a\.npy, b\.npy, …\)\. Give one of them/,
    )
  })

  const tar = sharedPath('malformed-tar', 'go-fuzz')
  it.skipIf(!hasSharedData)('takes no tar for data (needs ../shared/data)', async () => {
    for (const name of readdirSync(tar)) {
      await expect(open({ [name]: new Uint8Array(readFileSync(join(tar, name))) }), name).rejects.toThrow(
        /is no data that Plume reads/,
      )
    }
  })
})

describe('parseLabelsCsv', () => {
  const rows = (table: string) =>
    parseLabelsCsv(table, 'labels.csv').map(({ file, label, line }) => [file, label, line])

  it('follows RFC 4180: quotes, doubled quotes, line breaks within, CRLF, BOM, empty lines', () => {
    const table = '\uFEFFfile,label\r\n"a,""b"".png",1\r\n\r\n"two\nlines.png", 2 \nlast.png,3'
    expect(rows(table)).toEqual([
      ['a,"b".png', '1', 2],
      ['two\nlines.png', '2', 4],
      ['last.png', '3', 6],
    ])
  })

  it('finds the columns wherever they stand', () => {
    expect(rows('id,Label,File\n7,cat,./x.png\n')).toEqual([['x.png', 'cat', 2]])
  })

  const folder = sharedPath('malformed-csv', 'go-fuzz')
  it.skipIf(!hasSharedData)('gives rows or a FormatError for any table (needs ../shared/data)', async () => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const bytes = new Uint8Array(readFileSync(join(folder, name)))
      const error = await open({ 'a.png': rgb, 'labels.csv': bytes }).catch((e: unknown) => e)
      expect(error, name).toBeInstanceOf(FormatError)
      // the same behind a right heading, so that the rows themselves are met
      const headed = new Uint8Array([...text('file,label\n'), ...bytes])
      const rowsError = await open({ 'a.png': rgb, 'labels.csv': headed }).catch((e: unknown) => e)
      expect(rowsError, name).toBeInstanceOf(FormatError)
    }
  })
})
