import { describe, expect, it } from 'vitest'
import { concatBytes, type Bytes, type OutputFolder } from '../../core/bytes'
import { AbortError, UnsupportedError } from '../../core/errors'
import { tensorFromBytes, type LazyTensor, type Model } from '../../graph/model'
import { encodeOnnx } from './encode'
import { initializer, len, modelOf, nodeOf, num, readBytes, rewritten, written } from './onnx-test-kit'
import { writeModel } from './write-model'

const pattern = (length: number, step: number): Bytes => new Uint8Array(length).map((_, i) => i * step + 1)
const entry = (key: string, value: string) => len(13, len(1, key), len(2, value))
const external = (name: string, size: number, location: string, more: Record<string, string> = {}) =>
  initializer(
    name,
    num(1, size),
    num(2, 2),
    entry('location', location),
    ...Object.entries(more).map(([key, value]) => entry(key, value)),
    num(14, 1),
  )
const data = pattern(5000, 7)
const split = modelOf(
  nodeOf('Add', ['a', 'b'], ['c']),
  external('a', 1500, 'w/one.bin', { offset: '100', length: '1500', checksum: 'abc' }),
  external('b', 5000, './two.bin'),
  external('same', 1500, 'w/one.bin', { offset: '100' }),
  len(12, len(1, 'c')),
)
const siblings = { 'w/one.bin': data, 'two.bin': pattern(5000, 3) }
const weights = (model: Model, name: string) => {
  const tensor = model.graph.initializers.get(name)!
  return tensor.data.read(0, tensor.data.sizeBytes)
}

describe('ONNX external data', () => {
  it('reads ranges of several files, relative to the model', async () => {
    const model = await readBytes(split, siblings)
    expect(await weights(model, 'a')).toEqual(data.slice(100, 1600))
    expect(await weights(model, 'b')).toEqual(siblings['two.bin'])
    expect(await weights(model, 'same')).toEqual(data.slice(100, 1600))
  })

  it('puts everything into one file, which then stands alone', async () => {
    const model = await readBytes(split, siblings)
    const files = await written(model, {})
    expect([...files.keys()]).toEqual(['out.onnx'])
    const alone = await readBytes(files.get('out.onnx')!)
    expect(await weights(alone, 'a')).toEqual(data.slice(100, 1600))
    expect(await weights(alone, 'b')).toEqual(siblings['two.bin'])
    expect(await encodeOnnx(model)).toEqual(files.get('out.onnx'))
    expect(await rewritten(files.get('out.onnx')!)).toEqual(files.get('out.onnx'))
  })

  it('writes a second file on request: aligned, small tensors inside, shared weights once', async () => {
    const model = await readBytes(split, siblings)
    model.graph.initializers.set('small', tensorFromBytes('small', 'uint8', [1023], pattern(1023, 5)))
    const files = await written(model, { externalData: 'always' })
    expect([...files.keys()].sort()).toEqual(['out.onnx', 'out.onnx.data'])
    const bytes = files.get('out.onnx.data')!
    expect(bytes.length).toBe(4096 + 5000)
    expect(bytes.slice(0, 1500)).toEqual(data.slice(100, 1600))
    expect(bytes.slice(1500, 4096).every((byte) => byte === 0)).toBe(true)
    expect(bytes.slice(4096)).toEqual(siblings['two.bin'])
    const again = await readBytes(files.get('out.onnx')!, { 'out.onnx.data': bytes })
    for (const name of ['a', 'b', 'same']) expect(await weights(again, name)).toEqual(await weights(model, name))
    expect(await weights(again, 'small')).toEqual(pattern(1023, 5))
    expect(await written(again, { externalData: 'always' })).toEqual(files)
  })

  it('passes the size of one file to a second one by itself', async () => {
    const model = await readBytes(split, siblings)
    const sizes = new Map<string, number>()
    const files = await writeModel(model, countingFolder(sizes), 'sub/big.onnx', {}, 8000)
    expect(files.map((file) => file.name)).toEqual(['sub/big.onnx', 'sub/big.onnx.data'])
    expect(files.map((file) => file.sizeBytes)).toEqual([sizes.get('sub/big.onnx'), 9096])
  })

  it('streams weights of more than 2 GB in pieces', async () => {
    const model = await readBytes(modelOf(len(2, 'g')))
    let largest = 0
    const huge = (name: string): LazyTensor => ({
      name,
      dtype: 'float32',
      shape: [3, 2 ** 26],
      data: {
        sizeBytes: 3 * 2 ** 28,
        read: async (_, length) => {
          largest = Math.max(largest, length)
          return zeros.subarray(0, length)
        },
      },
    })
    for (const name of ['a', 'b', 'c']) model.graph.initializers.set(name, huge(name))
    model.edits++
    await expect(encodeOnnx(model)).rejects.toThrow(UnsupportedError)
    await expect(encodeOnnx(model)).rejects.toThrow('can be handed to onnxruntime')
    const controller = new AbortController()
    const sizes = new Map<string, number>()
    const folder = countingFolder(sizes)
    // the plan is made for all 2.25 GB; after 64 MiB it is enough to see that it streams
    const onProgress = ({ done, total }: { done: number; total: number }) => {
      expect(total).toBeGreaterThan(9 * 2 ** 28)
      if (done > 2 ** 26) controller.abort()
    }
    const run = writeModel(model, folder, 'h.onnx', { onProgress, signal: controller.signal })
    await expect(run).rejects.toThrow(AbortError)
    expect(largest).toBe(16 * 1024 * 1024)
    expect([...sizes.keys()]).toEqual([])
  })

  it('names every file that is missing', async () => {
    await expect(readBytes(split, { 'two.bin': data })).rejects.toThrow(
      /^m\.onnx at byte \d+: tensor a: its weights stand in a file that was not given: w\/one\.bin\. Add w\/one\.bin from the same folder/,
    )
    await expect(readBytes(split)).rejects.toThrow('files that were not given: w/one.bin, two.bin')
  })

  it.each([
    ['/etc/passwd', 'is absolute'],
    ['../secret', 'climbs out of the folder'],
    ['a/../../b', 'climbs out of the folder'],
    ['..\\secret', 'contains a backslash'],
    ['C:weights.bin', 'is a drive or URL'],
    ['https://example.org/w.bin', 'is a drive or URL'],
    ['file:w.bin', 'is a drive or URL'],
    ['*/_ORT_MEM_ADDR_/*', 'refers to the memory of another program'],
    ['a\0b', 'contains a zero byte'],
    ['', 'gives no file name'],
    ['./', 'gives no file name'],
  ])('refuses the location %j', async (location, reason) => {
    const asked: string[] = []
    const spy = new Proxy({}, { getOwnPropertyDescriptor: (_, key) => void asked.push(String(key)) })
    await expect(readBytes(modelOf(external('w', 3, location)), spy)).rejects.toThrow(reason)
    expect(asked).toEqual([])
  })

  it.each([
    [
      'a range behind the end',
      { offset: '4999', length: '3' },
      'expected bytes 4999 to 5002 of two.bin, which ends at byte 5000',
    ],
    ['a length that does not fit the shape', { length: '4' }, 'uint8 [3] takes 3 bytes, its external data has 4'],
    ['a negative offset', { offset: '-1' }, 'expected a whole number of bytes, found "-1"'],
    ['an offset beyond all numbers', { offset: '9999999999999999' }, 'expected a whole number of bytes'],
  ])('refuses %s', async (_, more, message) => {
    await expect(readBytes(modelOf(external('w', 3, 'two.bin', more)), siblings)).rejects.toThrow(message)
  })

  it('refuses strings outside and weights in two places', async () => {
    const fields = [num(1, 1), entry('location', 'two.bin'), num(14, 1)]
    await expect(readBytes(modelOf(initializer('w', num(2, 8), ...fields)), siblings)).rejects.toThrow(
      'strings cannot stand in another file',
    )
    const twice = concatBytes([num(2, 2), len(9, [1])])
    await expect(readBytes(modelOf(initializer('w', twice, ...fields)), siblings)).rejects.toThrow(
      'both here and in another file',
    )
    await expect(readBytes(modelOf(initializer('w', num(2, 2), num(14, 7))))).rejects.toThrow(
      'data location 7 is not known',
    )
  })
})

const zeros = new Uint8Array(16 * 1024 * 1024)

/** Keeps sizes only; an aborted file disappears. */
function countingFolder(sizes: Map<string, number>): OutputFolder {
  return {
    async create(name) {
      sizes.set(name, 0)
      return {
        write: async (chunk) => void sizes.set(name, sizes.get(name)! + chunk.length),
        close: async () => {},
        abort: async () => void sizes.delete(name),
      }
    },
  }
}
