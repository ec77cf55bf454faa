import { describe, expect, it } from 'vitest'
import { concatBytes, memorySource, type Bytes } from '../../core/bytes'
import { FormatError, UnsupportedError } from '../../core/errors'
import { tensor } from '../../core/tensor'
import { len, num } from './onnx-test-kit'
import { readTensorFile, writeTensorFile } from './tensor-file'

const bytesOf = (hex: string): Bytes => new Uint8Array(Buffer.from(hex, 'hex'))
const read = (bytes: Bytes) => readTensorFile(memorySource(bytes, 'x.pb'))

/**
 * Bytes of `numpy_helper.from_array(array, name).SerializeToString()`, onnx 1.23.2:
 * name, dtype, shape, file, elements.
 */
const SAVED = [
  [
    'x',
    'float32',
    [2, 3],
    '0802080310014201784a180000c03f000000c000000000000040400a5b04000000807f',
    '0000c03f000000c000000000000040400a5b04000000807f',
  ],
  ['half', 'float16', [3], '0803100a420468616c664a06003e00c0ff7b', '003e00c0ff7b'],
  [
    'long',
    'int64',
    [2],
    '0802100742046c6f6e674a10ffffffffffffffff0000000000000040',
    'ffffffffffffffff0000000000000040',
  ],
  ['flags', 'bool', [3], '080310094205666c6167734a03010001', '010001'],
  ['scalar', 'float64', [], '100b42067363616c61724a089a9999999999b93f', '9a9999999999b93f'],
  ['empty', 'float32', [0, 3], '0800080310014205656d7074794a00', ''],
  ['nibbles', 'int4', [3], '0803101642076e6962626c65734a027803', '7803'],
  ['brain', 'bfloat16', [2], '080210104205627261696e4a04803f40c0', '803f40c0'],
] as const

describe('readTensorFile', () => {
  it.each(SAVED)('reads what Python saved: %s', async (name, dtype, shape, file, data) => {
    const found = await read(bytesOf(file))
    expect(found.name).toBe(name)
    expect(found.tensor.dtype).toBe(dtype)
    expect(found.tensor.shape).toEqual(shape)
    expect(Buffer.from(found.tensor.data).toString('hex')).toBe(data)
  })

  it('reads elements that stand one by one', async () => {
    const { tensor: found } = await read(concatBytes([num(1, 2), num(2, 7), num(7, 5), num(7, -1)]))
    expect([...new BigInt64Array(found.data.slice().buffer)]).toEqual([5n, -1n])
  })

  it.each<[string, Bytes, typeof FormatError | typeof UnsupportedError, RegExp]>([
    ['nothing', new Uint8Array(0), FormatError, /^x\.pb.*expected its element type, found none/],
    ['another file', bytesOf('89504e470d0a1a0a'), FormatError, /^x\.pb at byte \d/],
    [
      'missing elements',
      concatBytes([num(1, 3), num(2, 1), len(9, [1, 2, 3, 4])]),
      FormatError,
      /takes 12 bytes, found 4/,
    ],
    [
      'a length past the end',
      concatBytes([num(2, 1), len(9, [1, 2, 3, 4]).slice(0, 4)]),
      FormatError,
      /only 2 bytes are left/,
    ],
    ['a negative size', concatBytes([num(1, -3), num(2, 1)]), FormatError, /expected a dimension from 0/],
    [
      'strings',
      concatBytes([num(1, 1), num(2, 8), len(6, 'a')]),
      UnsupportedError,
      /elements of type string are not read/,
    ],
    [
      'elements in another file',
      concatBytes([num(1, 1), num(2, 1), len(13, len(1, 'location'), len(2, 'w.bin')), num(14, 1)]),
      UnsupportedError,
      /the elements stand in another file/,
    ],
  ])('refuses %s', async (_, bytes, kind, message) => {
    const error = await read(bytes).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(kind)
    expect((error as Error).message).toMatch(message)
  })
})

describe('writeTensorFile', () => {
  it.each(SAVED)('writes the very bytes of Python: %s', (name, dtype, shape, file, data) => {
    expect(Buffer.from(writeTensorFile(name, tensor(dtype, shape, bytesOf(data)))).toString('hex')).toBe(file)
  })

  it('writes lengths of several bytes', async () => {
    const data = new Uint8Array(70_000).map((_, i) => i % 251)
    const again = await read(writeTensorFile('y', tensor('uint8', [70, 1000], data)))
    expect(again).toEqual({ name: 'y', tensor: { dtype: 'uint8', shape: [70, 1000], data } })
  })
})
