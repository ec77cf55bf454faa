import { zipSync } from 'fflate'
import { expect, it } from 'vitest'
import { memorySource } from '../core/bytes'
import { FormatError, UsageError } from '../core/errors'
import type { PictureDecoder } from './format'
import { openSamples, sampleFilesOf } from './samples'
import { unpackedFiles } from './zip-files'

const text = (content: string) => new TextEncoder().encode(content)
const given = (files: Record<string, Uint8Array<ArrayBuffer>>, name = 'set.zip') =>
  sampleFilesOf(name, new Map([[name, memorySource(new Uint8Array(zipSync(files)), name)]]))
/** A PNG of one pixel as far as its header goes. */
const png = Uint8Array.from([
  ...[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52],
  ...[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55],
])

it('takes a zip of pictures for the folder in it', async () => {
  const decoder: PictureDecoder = {
    decode: async (bytes) => ({ width: 1, height: 1, channels: 1, pixels: Uint8Array.of(bytes.at(-1) as number) }),
  }
  const zip = given({ 'set/cat/1.png': png, 'set/dog/1.png': Uint8Array.of(...png, 7), '__MACOSX/set/x': text('') })
  const samples = await openSamples(zip, { decoder })
  if (samples.kind !== 'pictures') throw new Error('pictures expected')
  expect([samples.count, [...(samples.labels?.values ?? [])]]).toEqual([2, [0, 1]])
  expect((await samples.read(1)).pixels[0]).toBe(7)
})

it('takes a zip of a table for the table', async () => {
  const samples = await openSamples(given({ 'data/t.csv': text('a,b\n1,2\n3,4\n') }))
  expect(samples).toMatchObject({ kind: 'table', count: 2 })
})

it('leaves other files as they are, and says what it does not hold', async () => {
  const plain = sampleFilesOf('t.csv', new Map([['t.csv', memorySource(text('a,b'), 't.csv')]]))
  expect(await unpackedFiles(plain)).toBe(plain)
  const files = await unpackedFiles(given({ 'a.txt': text('x'), 'b/': text('') }))
  expect(files.paths).toEqual(['a.txt'])
  expect(await files.sibling?.('c.txt')).toBeNull()
  await expect(files.open('c.txt')).rejects.toBeInstanceOf(UsageError)
})

it('refuses a damaged archive', async () => {
  const bytes = new Uint8Array(zipSync({ 'a.txt': text('x'.repeat(400)) })).slice(0, -30)
  const files = sampleFilesOf('x.zip', new Map([['x.zip', memorySource(bytes, 'x.zip')]]))
  await expect(openSamples(files)).rejects.toBeInstanceOf(FormatError)
})
