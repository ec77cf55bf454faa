import { describe, expect, it } from 'vitest'
import { concatBytes, type Bytes } from '../../core/bytes'
import { dtypeFromOnnx, storageBytes } from '../../core/dtypes'
import type { LazyTensor } from '../../graph/model'
import { f32, f64, initializer, len, modelOf, num, readBytes, rewritten, varint, written } from './onnx-test-kit'

async function tensorOf(...fields: readonly Uint8Array[]): Promise<LazyTensor> {
  return (await readBytes(modelOf(initializer('w', ...fields)))).graph.initializers.get('w')!
}

const all = (tensor: LazyTensor) => tensor.data.read(0, tensor.data.sizeBytes)
const packed = (field: number, ...values: readonly (number | bigint)[]) => len(field, concatBytes(values.map(varint)))
const bytesOf = (values: ArrayBufferView<ArrayBuffer>) => new Uint8Array(values.buffer)

/** dtype number, the shape of three or five elements, typed fields, and the canonical bytes they stand for. */
const TYPED: readonly [string, number, number, Bytes, Bytes][] = [
  ['float32 packed', 1, 3, len(4, bytesOf(Float32Array.of(1.5, -0, 1e-40))), bytesOf(Float32Array.of(1.5, -0, 1e-40))],
  ['float32 one by one', 1, 3, concatBytes([f32(4, 1), f32(4, 2), f32(4, -3)]), bytesOf(Float32Array.of(1, 2, -3))],
  ['uint8', 2, 3, packed(5, 0, 255, 7), Uint8Array.of(0, 255, 7)],
  ['int8 negative in ten bytes', 3, 3, packed(5, -1, -128, 127), Uint8Array.of(255, 128, 127)],
  ['uint16', 4, 3, packed(5, 0, 65535, 258), bytesOf(Uint16Array.of(0, 65535, 258))],
  ['int16', 5, 3, packed(5, -1, -32768, 258), bytesOf(Int16Array.of(-1, -32768, 258))],
  ['int32', 6, 3, packed(5, -1, 2147483647, -2147483648), bytesOf(Int32Array.of(-1, 2147483647, -2147483648))],
  [
    'int64',
    7,
    3,
    packed(7, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n),
    bytesOf(BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n + 1n)),
  ],
  [
    'int64 in several fields',
    7,
    3,
    concatBytes([packed(7, -1), num(7, 5), packed(7), num(7, 6)]),
    bytesOf(BigInt64Array.of(-1n, 5n, 6n)),
  ],
  ['bool', 9, 3, packed(5, 1, 0, 1), Uint8Array.of(1, 0, 1)],
  ['float16', 10, 3, packed(5, 0x3c00, 0xfc00, 1), bytesOf(Uint16Array.of(0x3c00, 0xfc00, 1))],
  ['float64', 11, 3, concatBytes([f64(10, 0.1), f64(10, -2), f64(10, 3)]), bytesOf(Float64Array.of(0.1, -2, 3))],
  ['uint32', 12, 3, packed(11, 4294967295, 0, 9), bytesOf(Uint32Array.of(4294967295, 0, 9))],
  ['uint64', 13, 3, packed(11, 2n ** 64n - 1n, 0, 9), bytesOf(BigUint64Array.of(2n ** 64n - 1n, 0n, 9n))],
  ['complex64', 14, 3, len(4, bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))), bytesOf(Float32Array.of(1, 2, 3, 4, 5, 6))],
  [
    'complex128',
    15,
    3,
    len(10, bytesOf(Float64Array.of(1, 2, 3, 4, 5, 6))),
    bytesOf(Float64Array.of(1, 2, 3, 4, 5, 6)),
  ],
  ['bfloat16', 16, 3, packed(5, 0x3f80, 0xff80, 1), bytesOf(Uint16Array.of(0x3f80, 0xff80, 1))],
  ['float8e4m3fn', 17, 3, packed(5, 0x7f, 0x80, 1), Uint8Array.of(0x7f, 0x80, 1)],
  ['float8e4m3fnuz', 18, 3, packed(5, 0x7f, 0x80, 1), Uint8Array.of(0x7f, 0x80, 1)],
  ['float8e5m2', 19, 3, packed(5, 0x7f, 0x80, 1), Uint8Array.of(0x7f, 0x80, 1)],
  ['float8e5m2fnuz', 20, 3, packed(5, 0x7f, 0x80, 1), Uint8Array.of(0x7f, 0x80, 1)],
  ['uint4, two in a byte', 21, 5, packed(5, 0xf1, 0x32, 0x04), Uint8Array.of(0xf1, 0x32, 0x04)],
  ['int4', 22, 5, packed(5, 0xf1, -2, 0x04), Uint8Array.of(0xf1, 0xfe, 0x04)],
  ['float4e2m1', 23, 5, packed(5, 0x71, 0x92, 0x0e), Uint8Array.of(0x71, 0x92, 0x0e)],
  ['float8e8m0', 24, 3, packed(5, 0x7f, 0xff, 1), Uint8Array.of(0x7f, 0xff, 1)],
  ['uint2, four in a byte', 25, 5, packed(5, 0xe4, 0x03), Uint8Array.of(0xe4, 0x03)],
  ['int2', 26, 5, packed(5, 0xe4, 0x02), Uint8Array.of(0xe4, 0x02)],
]

describe('ONNX tensors', () => {
  it.each(TYPED)('%s: typed storage gives canonical bytes and survives', async (_, dtype, size, typed, expected) => {
    const fields = [num(1, size), num(2, dtype), typed]
    const tensor = await tensorOf(...fields)
    expect(tensor.dtype).toBe(dtypeFromOnnx(dtype))
    expect(tensor.data.sizeBytes).toBe(storageBytes(tensor.dtype, size))
    expect(await all(tensor)).toEqual(expected)
    expect(await tensor.data.read(1, expected.length - 1)).toEqual(expected.slice(1))
    const bytes = modelOf(initializer('w', ...fields))
    const again = await rewritten(bytes)
    expect(again.length).toBe(bytes.length)
    expect(Buffer.from(again).includes(Buffer.from(typed))).toBe(true)
  })

  it.each(TYPED)('%s: raw storage', async (_, dtype, size, _typed, expected) => {
    const fields = [num(1, size), num(2, dtype), len(9, expected)]
    const tensor = await tensorOf(...fields)
    expect(await all(tensor)).toEqual(expected)
    expect(await tensor.data.read(1, 1)).toEqual(expected.slice(1, 2))
    const bytes = modelOf(len(5, ...fields.slice(0, 2), len(8, 'w'), fields[2]!))
    expect(await rewritten(bytes)).toEqual(bytes)
  })

  it('reads pieces of a large typed tensor in any order', async () => {
    const values = Int32Array.from({ length: 200_003 }, (_, i) => (i % 7 === 0 ? -i : i * 31))
    const half = 100_001
    const fields = [
      packed(5, ...values.subarray(0, half)),
      ...[...values.subarray(half, half + 3)].map((value) => num(5, value)),
      packed(5, ...values.subarray(half + 3)),
    ]
    const tensor = await tensorOf(num(1, values.length), num(2, 6), ...fields)
    const expected = new Uint8Array(values.buffer)
    for (const [offset, length] of [
      [790_001, 9_999],
      [0, 13],
      [399_990, 40],
      [524_287, 3],
      [0, expected.length],
    ] as const) {
      expect(Buffer.compare(await tensor.data.read(offset, length), expected.slice(offset, offset + length))).toBe(0)
    }
  })

  it('reads strings, also those that are not text', async () => {
    const tensor = await tensorOf(num(1, 3), num(2, 8), len(6, 'ß'), len(6), len(6, [0xff, 0]))
    expect(tensor.dtype).toBe('string')
    expect(await tensor.strings!()).toEqual([Uint8Array.of(0xc3, 0x9f), new Uint8Array(0), Uint8Array.of(0xff, 0)])
  })

  it('writes strings that an edit made', async () => {
    const model = await readBytes(modelOf(len(2, 'g')))
    const strings = async () => [Uint8Array.of(65), new Uint8Array(0)]
    const data = { sizeBytes: 0, read: async () => new Uint8Array(0) }
    model.graph.initializers.set('w', { name: 'w', dtype: 'string', shape: [2], data, strings })
    const out = await readBytes((await written(model)).get('out.onnx')!)
    expect(await out.graph.initializers.get('w')!.strings!()).toEqual(await strings())
  })

  it('carries a type of a newer ONNX by its number, in either storage', async () => {
    const raw = await tensorOf(num(1, 2), num(2, 27), len(9, [1, 2, 3]))
    expect(raw).toMatchObject({ dtype: 'unknown-27', shape: [2] })
    expect(await all(raw)).toEqual(Uint8Array.of(1, 2, 3))
    for (const storage of [len(9, [1, 2, 3]), packed(5, 1, 2, 3)]) {
      const bytes = modelOf(len(5, num(1, 2), num(2, 27), len(8, 'w'), storage))
      expect(await rewritten(bytes)).toEqual(bytes)
    }
  })

  it('reads a scalar, an empty tensor and packed dimensions', async () => {
    expect((await tensorOf(num(2, 3), len(9, [5]))).shape).toEqual([])
    expect((await tensorOf(num(1, 0), num(1, 2 ** 40), num(2, 1))).data.sizeBytes).toBe(0)
    expect((await tensorOf(packed(1, 2, 3), num(2, 2), len(9, [1, 2, 3, 4, 5, 6]))).shape).toEqual([2, 3])
  })

  it('does not read weights before they are asked for', async () => {
    const { countingSource, filesOf } = await import('./onnx-test-kit')
    const { readModel } = await import('./read-model')
    const weights = new Uint8Array(4_000_000).map((_, i) => i)
    const files = filesOf(modelOf(initializer('a', num(1, 1_000_000), num(2, 1), len(9, weights)), len(2, 'late name')))
    const main = countingSource(files.main)
    const model = await readModel({ ...files, main })
    expect(model.graph.name).toBe('late name')
    expect(main.readBytes).toBeLessThan(200_000)
    expect(await model.graph.initializers.get('a')!.data.read(3_999_998, 2)).toEqual(weights.slice(3_999_998))
  })
})
