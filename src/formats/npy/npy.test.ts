import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes } from '../../core/bytes'
import { FormatError, UnsupportedError } from '../../core/errors'
import { tensor } from '../../core/tensor'
import { readNpyArray, writeNpyArray } from './npy'

interface Fixture {
  madeBy: string
  arrays: { name: string; file: string; shape: number[]; dtype: string; data: string }[]
  archives: Record<'plain' | 'packed' | 'objects' | 'structured', string>
}

const fixture = JSON.parse(readFileSync(new URL('./numpy.fixture.json', import.meta.url), 'utf8')) as Fixture
const bytesOf = (text: string): Bytes => new Uint8Array(Buffer.from(text, 'base64'))
const read = (bytes: Bytes) => readNpyArray(memorySource(bytes), 'x.npy')

/** A version 1.0 file with this header and data. */
function npyFile(header: string, data: readonly number[] = [], major = 1): Bytes {
  const text = new TextEncoder().encode(header)
  const length = major === 1 ? [text.length & 255, text.length >> 8] : [text.length & 255, text.length >> 8, 0, 0]
  return new Uint8Array([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0, ...length, ...text, ...data])
}

describe('readNpyArray', () => {
  for (const { name, file, shape, dtype, data } of fixture.arrays) {
    it(`reads what NumPy wrote: ${name}`, async () => {
      const array = await read(bytesOf(file))
      expect(array.shape).toEqual(shape)
      expect(array.dtype).toBe(dtype)
      expect(Buffer.from(array.data).toString('base64')).toBe(data)
    })
  }

  it('reads Fortran order by hand: [[1,2,3],[4,5,6]] lies as 1 4 2 5 3 6', async () => {
    const header = `{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3), }`
    expect([...(await read(npyFile(header, [1, 4, 2, 5, 3, 6]))).data]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('takes keys in any order, double quotes and long integers of Python 2', async () => {
    const array = await read(npyFile(`{"shape": (2L,), "fortran_order": False, "descr": "<u2"}`, [1, 0, 2, 1]))
    expect([array.shape, array.dtype, [...array.data]]).toEqual([[2], 'uint16', [1, 0, 2, 1]])
  })

  const bad: [string, Bytes, RegExp][] = [
    ['nothing', new Uint8Array(0), /x\.npy: a \.npy file has at least 10 bytes, found 0/],
    ['another file', new Uint8Array(20), /at byte 0: the signature \\x93NUMPY of a \.npy file is missing/],
    ['version 9', npyFile('{}', [], 9), /at byte 6: \.npy format version 1, 2 or 3 was expected, found 9/],
    ['a cut length', npyFile('', [], 2).slice(0, 11), /at byte 8: the file ends before the length of its header/],
    [
      'a header past the end',
      npyFile('{}').slice(0, 11),
      /at byte 8: a header of at most 1 bytes was expected, found 2/,
    ],
    ['bytes that are no text', npyFile('{').fill(0xff, 10), /at byte 10: the header is not text/],
    ['a header that is no dict', npyFile('exit()'), /a dict was expected as header, found "exit\(\)"/],
    ['no shape', npyFile(`{'descr': '<f4', 'fortran_order': False}`), /one valid "shape" was expected .* found 0/],
    [
      'two shapes',
      npyFile(`{'descr': '<f4', 'fortran_order': False, 'shape': (), 'shape': (2,), }`),
      /one valid "shape" was expected .* found 2/,
    ],
    [
      'a negative shape',
      npyFile(`{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }`),
      /a shape of whole numbers was expected, found \(-2,\)/,
    ],
    [
      'a code instead of a shape',
      npyFile(`{'descr': '<f4', 'fortran_order': False, 'shape': (__import__, ), }`),
      /a shape of whole numbers was expected/,
    ],
    [
      'a shape far beyond the file',
      npyFile(`{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999999999), }`, [1]),
      /takes 7999999984000000000 bytes, but 1 follow the header/,
    ],
    [
      'missing data',
      npyFile(`{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }`, [1, 2, 3, 4]),
      /float32 of shape \(3\) takes 12 bytes, but 4 follow the header/,
    ],
  ]
  for (const [name, bytes, message] of bad) {
    it(`refuses ${name}`, async () => {
      const error = await read(bytes).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(FormatError)
      expect((error as Error).message).toMatch(message)
    })
  }

  it('never unpickles', async () => {
    await expect(read(bytesOf(fixture.archives.objects))).rejects.toThrow(
      new UnsupportedError(
        'x.npy: the array holds pickled Python objects (dtype |O), which are never executed. ' +
          'Save numbers instead, e.g. array.astype(numpy.float32).',
      ),
    )
  })

  it('refuses structured arrays, text and dates', async () => {
    await expect(read(bytesOf(fixture.archives.structured))).rejects.toThrow(/structured arrays \(named fields\)/)
    for (const descr of ['<U5', '|S3', '<M8[s]', '<f16', '|V2', '|i4', '?']) {
      const file = npyFile(`{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }`, [1, 2, 3, 4])
      await expect(read(file), descr).rejects.toThrow(/dtype ".*" is not read\. Save bool, int8/)
    }
  })
})

describe('writeNpyArray', () => {
  it('writes the very bytes of NumPy', () => {
    for (const { name, file, shape, dtype, data } of fixture.arrays) {
      // NumPy keeps byte order, Fortran order and version; ours is always the first form
      if (name.startsWith('>') || name.startsWith('version')) continue
      const written = writeNpyArray(tensor(dtype as 'int8', shape, bytesOf(data)))
      expect(Buffer.from(written).toString('base64'), name).toBe(file)
    }
  })

  it('refuses what NumPy has no type for', () => {
    expect(() => writeNpyArray(tensor('bfloat16', [1], new Uint8Array(2)))).toThrow(
      'NumPy has no type for bfloat16; convert the array to float32 first.',
    )
  })
})
