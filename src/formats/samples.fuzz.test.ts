import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes } from '../core/bytes'
import { PlumeError } from '../core/errors'
import { float32Tensor, tensor } from '../core/tensor'
import { writeNpyArray } from './npy/npy'
import { writeNpz } from './npy/npz'
import { createPictureDecoder, WASM_FILES } from './pictures/decoder'
import { openSamples, sampleFilesOf } from './samples'

/** FUZZ_SEED repeats a run. */
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31)
const require = createRequire(import.meta.url)
const decoder = createPictureDecoder(async (codec) => new Uint8Array(readFileSync(require.resolve(WASM_FILES[codec]))))

interface Fixture {
  pictures: { name: string; file: string }[]
}
const { pictures } = JSON.parse(
  readFileSync(new URL('./pictures/decode.fixture.json', import.meta.url), 'utf8'),
) as Fixture
const picture = (name: string): Bytes =>
  new Uint8Array(Buffer.from(pictures.find((p) => p.name === name)?.file ?? '', 'base64'))

const array = float32Tensor(
  [5, 3],
  Float32Array.from({ length: 15 }, (_, i) => i * 0.7 - 3),
)
const idx = new Uint8Array([0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 5, ...Array.from({ length: 30 }, (_, i) => i)])

const SEEDS: Readonly<Record<string, Bytes>> = {
  'x.npy': writeNpyArray(array),
  'x.npz': writeNpz(
    new Map([
      ['x', array],
      ['labels', tensor('uint8', [5], Uint8Array.of(1, 0, 2, 0, 1))],
    ]),
  ),
  'packed.npz': writeNpz(new Map([['x', array]]), { compress: true }),
  'x.idx': idx,
  'x.idx.gz': new Uint8Array(gzipSync(idx)),
  ...Object.fromEntries(
    [
      '420.jpg',
      'progressive.jpg',
      'gray.jpg',
      'orientation-6.jpg',
      'rgb.png',
      'gray16.png',
      'lossy.webp',
      'lossless-alpha.webp',
    ].map((name) => [name, picture(name)]),
  ),
}

/** Bytes set, ranges cut out, the end cut off. Most changes strike the header, where sizes and offsets stand. */
const change = fc.record({
  sets: fc.array(
    fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      fc.constantFrom(0, 1, 0x7f, 0x80, 0xff, 0x20, 0x39),
    ),
    {
      maxLength: 4,
    },
  ),
  cut: fc.option(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 8 })), { nil: undefined }),
  end: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined, freq: 4 }),
})

function mutate(bytes: Bytes, { sets, cut, end }: typeof change extends fc.Arbitrary<infer T> ? T : never): Bytes {
  const result = bytes.slice()
  for (const [where, isInHead, value] of sets) {
    const range = isInHead ? Math.min(64, bytes.length) : bytes.length
    result[Math.min(bytes.length - 1, Math.floor(where * range))] = value
  }
  const length = end === undefined ? result.length : Math.floor(end * result.length)
  const kept = result.slice(0, length)
  if (!cut) return kept
  const at = Math.floor(cut[0] * kept.length)
  return new Uint8Array([...kept.subarray(0, at), ...kept.subarray(at + cut[1])])
}

describe('damaged data files', () => {
  for (const [name, bytes] of Object.entries(SEEDS)) {
    it(`end in samples or in an error that names the file: ${name}`, async () => {
      console.log(`seed ${seed} (FUZZ_SEED repeats it)`)
      await fc.assert(
        fc.asyncProperty(change, async (edit) => {
          const files = sampleFilesOf(name, new Map([[name, memorySource(mutate(bytes, edit), name)]]))
          try {
            const samples = await openSamples(files, { decoder })
            if (samples.kind === 'pictures') await samples.read(samples.count - 1)
          } catch (error) {
            expect(error).toBeInstanceOf(PlumeError)
            expect((error as Error).message).toContain(name)
          }
        }),
        { seed, numRuns: 150 },
      )
    })
  }
})
