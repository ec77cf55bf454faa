import { describe, expect, it } from 'vitest'
import { concatBytes, MemoryFolder, memorySource } from '../../core/bytes'
import { AbortError } from '../../core/errors'
import { attribute, bodies, tensorFromBytes } from '../../graph/model'
import { encodeOnnx } from './encode'
import { onnx } from './onnx'
import {
  f32,
  f64,
  filesOf,
  initializer,
  len,
  modelOf,
  nodeOf,
  num,
  readBytes,
  rewritten,
  utf8,
  written,
} from './onnx-test-kit'
import { writeModel } from './write-model'

const entry = (field: number, key: string, value: string) => len(field, len(1, key), len(2, value))
/** Fields that no version of ONNX has: a number, bytes, and both fixed widths. */
const unknown = concatBytes([num(2001, 300), len(2002, 'later'), f32(2003, 1.5), f64(2004, -2.5)])
const dims = concatBytes([
  len(1, num(1, 0), len(3, 'DATA_BATCH')),
  len(1, len(2, 'n')),
  len(1),
  len(1, len(2, '')),
  len(1, num(1, -1), unknown),
])
const tensorType = len(1, num(1, 1), len(2, dims, unknown), unknown)
const type = len(2, tensorType, len(6, 'IMAGE'), unknown)
const info = (field: number, name: string) => len(field, len(1, name), type, len(3, 'doc'), entry(4, 'k', 'v'), unknown)
const quantAnnotation = len(14, len(1, 'w'), entry(2, 'SCALE_TENSOR', 's'))
const float3 = concatBytes([num(1, 3), num(2, 1), len(8, 'w'), len(9, new Uint8Array(12).fill(7))])
const sparse = (field: number, name: string) =>
  len(
    field,
    len(1, num(1, 1), num(2, 1), len(8, name), len(9, [0, 0, 128, 63])),
    len(2, num(1, 1), num(2, 7), len(9, new Uint8Array(8))),
    num(3, 5),
    unknown,
  )
const subGraph = (field: number) =>
  len(field, nodeOf('Identity', ['x'], ['sub']), len(2, 'branch'), len(12, len(1, 'sub')), unknown)

/** Every kind of attribute, with values that defaults could swallow. */
const attributes = [
  len(5, len(1, 'f'), f32(2, 0), num(20, 1)),
  len(5, len(1, 'fnan'), concatBytes([[21, 1, 0, 192, 127]].map((b) => Uint8Array.from(b))), num(20, 1)),
  len(5, len(1, 'i'), num(3, 0), num(20, 2)),
  len(5, len(1, 'imax'), num(3, 2n ** 63n - 1n), num(20, 2)),
  len(5, len(1, 'imin'), num(3, -(2n ** 63n)), len(13, ''), num(20, 2)),
  len(5, len(1, 'omitted'), num(20, 2)),
  len(5, len(1, 's'), len(4, ''), num(20, 3)),
  len(5, len(1, 'bytes'), len(4, [0xff, 0, 0xfe]), num(20, 3)),
  len(5, len(1, 't'), len(5, float3, unknown), num(20, 4)),
  len(5, len(1, 'g'), subGraph(6), num(20, 5)),
  len(5, len(1, 'floats'), f32(7, -0), f32(7, 1e-40), num(20, 6)),
  len(5, len(1, 'ints'), num(8, -1), num(8, 2n ** 53n + 1n), num(20, 7)),
  len(5, len(1, 'strings'), len(9, ''), len(9, 'ß'), num(20, 8)),
  len(5, len(1, 'tensors'), len(10, float3), len(10, float3), num(20, 9)),
  len(5, len(1, 'graphs'), subGraph(11), num(20, 10)),
  len(5, len(1, 'tp'), len(14, tensorType, len(6, '')), num(20, 13)),
  len(5, len(1, 'tps'), len(15, tensorType), len(15, len(4, len(1, tensorType))), num(20, 14)),
  len(5, len(1, 'sp'), num(20, 11), sparse(22, '')),
  len(5, len(1, 'sps'), num(20, 12), sparse(23, ''), sparse(23, '')),
  len(5, len(1, 'later'), num(20, 99), len(99, 'value of a later kind')),
  len(5, len(1, 'ir1'), num(3, 4)),
  len(5, len(1, 'two'), f32(2, 0), num(3, 4), num(20, 2), unknown),
]

const everyNode = nodeOf(
  'Op',
  ['x', '', 'w'],
  ['y', ''],
  len(3, 'n1'),
  ...attributes,
  len(6, 'doc'),
  len(7, 'custom'),
  len(8, 'o'),
  entry(9, 'k', ''),
  len(10, len(1, 'cfg'), num(3, 2)),
  unknown,
)
const everyGraph = concatBytes([
  everyNode,
  nodeOf('Conv', ['y'], ['z'], len(3, ''), len(7, 'ai.onnx')),
  len(2, 'main'),
  initializer(
    'w',
    num(1, 3),
    num(2, 1),
    len(9, new Uint8Array(12)),
    len(12, ''),
    num(14, 0),
    entry(16, 'a', 'b'),
    unknown,
  ),
  len(10, 'graph doc'),
  info(11, 'x'),
  info(12, 'z'),
  info(13, 'y'),
  info(13, 'y'),
  quantAnnotation,
  sparse(15, 'sp'),
  entry(16, 'k', 'v'),
  entry(16, 'k', 'again'),
  unknown,
])
const everyFunction = len(
  25,
  len(1, 'f'),
  len(4, 'a'),
  len(5, 'b'),
  len(6, 'alpha'),
  len(7, len(1, 'a'), len(2, 'b'), len(4, 'Neg'), len(5, len(1, 'alpha'), num(20, 1), len(21, 'alpha'))),
  len(8, ''),
  len(9, num(2, 17)),
  len(10, 'custom'),
  len(11, len(1, 'beta'), num(3, 0), num(20, 2)),
  info(12, 'b'),
  len(13, ''),
  entry(14, 'k', 'v'),
  unknown,
)
const everything = concatBytes([
  num(1, 13),
  len(2, 'producer'),
  len(3, ''),
  len(4, 'ai.plume'),
  num(5, -5),
  len(6, utf8('doc ').subarray(0), [0xff]),
  len(7, everyGraph),
  len(8, len(1, ''), num(2, 21)),
  len(8, num(2, 22)),
  len(8, len(1, 'custom'), num(2, 1), unknown),
  entry(14, 'k', 'v'),
  len(14, len(1, 'no value')),
  len(20, len(1, everyGraph), len(2, len(2, 'algorithm')), entry(3, 'a', 'b'), entry(4, 'c', 'd'), unknown),
  everyFunction,
  len(26, len(1, 'cfg'), num(2, 2)),
  unknown,
])

/** Fields of a message, sorted: protobuf gives the order of different fields no meaning. */
function sortedFields(bytes: Uint8Array): string[] {
  const fields: string[] = []
  let at = 0
  const number = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++]!
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return value
    }
  }
  while (at < bytes.length) {
    const start = at
    const key = number()
    const wire = Number(key & 7n)
    if (wire === 0) number()
    else at += wire === 1 ? 8 : wire === 5 ? 4 : Number(number())
    fields.push(`${String(key).padStart(6)} ${Buffer.from(bytes.subarray(start, at)).toString('hex')}`)
  }
  return fields.sort()
}

describe('ONNX round trip', () => {
  it('keeps every field of every message, unknown ones too', async () => {
    const out = await rewritten(everything)
    expect(out.length).toBe(everything.length)
    // our writer orders fields inside messages; what each level says is compared through a second reading
    const [before, after] = [await readBytes(everything), await readBytes(out)]
    expect(plain(after)).toEqual(plain(before))
    const histogram = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').split('').sort().join('')
    expect(histogram(out) === histogram(everything)).toBe(true)
  })

  it('writes the same bytes in a second round', async () => {
    const once = await rewritten(everything)
    expect(await rewritten(once)).toEqual(once)
  })

  it('keeps the fields of the outer message, their order aside', async () => {
    const outer = modelOf(len(2, 'g'))
    const more = concatBytes([outer, unknown, len(26, 'configuration')])
    expect(sortedFields(await rewritten(more))).toEqual(sortedFields(more))
  })

  it('keeps 64-bit numbers exact', async () => {
    const model = await readBytes(everything)
    const node = model.graph.nodes[0]!
    expect(node.attributes.get('imax')).toMatchObject({ type: 'int', value: 2n ** 63n - 1n })
    expect(node.attributes.get('imin')).toMatchObject({ type: 'int', value: -(2n ** 63n) })
    expect(node.attributes.get('ints')).toMatchObject({ type: 'ints', value: [-1n, 2n ** 53n + 1n] })
    expect(model.modelVersion).toBe(-5n)
  })

  it('tells an absent dimension from an empty name, zero and minus one', async () => {
    const { type: read } = (await readBytes(everything)).graph.inputs[0]!
    expect(read).toMatchObject({ kind: 'tensor', dtype: 'float32', shape: [0, 'n', null, '', -1] })
  })

  it('takes the highest of two versions of an operator set, and ai.onnx for the standard one', async () => {
    const model = await readBytes(everything)
    expect([...model.opsets]).toEqual([
      ['', 22],
      ['custom', 1],
    ])
    expect(model.graph.nodes[1]).toMatchObject({ opType: 'Conv', domain: '' })
  })

  it('labels types that it does not interpret', async () => {
    const map = len(5, num(1, 7), len(2, len(1, num(1, 1))))
    const model = await readBytes(modelOf(len(11, len(1, 'm'), len(2, len(4, len(1, map))))))
    expect(model.graph.inputs[0]!.type).toMatchObject({ kind: 'other', label: 'sequence(map(float32))' })
  })

  it('keeps text that is not UTF-8', async () => {
    const bytes = modelOf(len(10, [0x61, 0xe9, 0x62, 0xc3, 0xa9]))
    expect((await readBytes(bytes)).graph.docString).toBe('a\udce9bé')
    expect(await rewritten(bytes)).toEqual(bytes)
  })

  it('copies the original bytes where nothing was edited', async () => {
    const shuffled = concatBytes([len(8, len(1, ''), num(2, 17)), len(7, len(2, 'g')), num(1, 8)])
    const model = await onnx.read(filesOf(shuffled))
    expect((await written(model, {})).get('out.onnx')).toEqual(shuffled)
    expect(await encodeOnnx(model)).toEqual(shuffled)
    expect((await written(model, { reencode: true })).get('out.onnx')).not.toEqual(shuffled)
  })

  it('writes an edit and keeps what the edit did not touch', async () => {
    const model = await readBytes(everything)
    const node = model.graph.nodes[0]!
    node.inputs[0] = 'w'
    node.attributes.set('i', attribute.int('i', 3))
    model.edits++
    const after = await readBytes((await written(model, {})).get('out.onnx')!)
    expect(after.graph.nodes[0]!.inputs).toEqual(['w', '', 'w'])
    expect(after.graph.nodes[0]!.attributes.get('i')).toMatchObject({ value: 3n })
    expect(after.graph.nodes[0]!.carried).toEqual(node.carried)
  })

  it('drops the spelling of a type together with the type', async () => {
    const model = await readBytes(everything)
    model.graph.inputs[0]!.type = { kind: 'tensor', dtype: 'int8', shape: [2] }
    const after = await readBytes((await written(model)).get('out.onnx')!)
    expect(after.graph.inputs[0]).toMatchObject({ type: { dtype: 'int8', shape: [2] }, docString: 'doc' })
  })

  it('renames a tensor without touching its storage', async () => {
    const model = await readBytes(modelOf(initializer('w', num(1, 2), num(2, 6), len(5, [3, 4]))))
    const tensor = model.graph.initializers.get('w')!
    model.graph.initializers = new Map([['v', { ...tensor, name: 'v' }]])
    expect((await written(model)).get('out.onnx')).toEqual(
      await rewritten(modelOf(initializer('v', num(1, 2), num(2, 6), len(5, [3, 4])))),
    )
  })

  it('stores new tensors as raw bytes', async () => {
    const model = await readBytes(modelOf(initializer('w', num(1, 2), num(2, 3), len(5, [3, 4]))))
    const tensor = model.graph.initializers.get('w')!
    const { data } = tensorFromBytes('w', 'int8', [2], Uint8Array.of(200, 7))
    model.graph.initializers.set('w', { ...tensor, data })
    const out = (await written(model)).get('out.onnx')!
    expect(Buffer.from(out).includes(Buffer.from(len(9, [200, 7])))).toBe(true)
    expect(Buffer.from(out).includes(Buffer.from(len(5, [3, 4])))).toBe(false)
  })

  it('reports the SHA-256 of what it wrote, and its progress in bytes', async () => {
    const folder = new MemoryFolder()
    const done: number[] = []
    const files = await writeModel(await readBytes(everything), folder, 'a.onnx', {
      reencode: true,
      onProgress: (progress) => done.push(progress.done, progress.total),
    })
    const { createHash } = await import('node:crypto')
    const bytes = folder.files.get('a.onnx')!
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(files).toEqual([{ name: 'a.onnx', sizeBytes: bytes.length, sha256 }])
    expect(done.slice(-2)).toEqual([bytes.length, bytes.length])
  })

  it('writes and reads nothing once it is cancelled', async () => {
    const controller = new AbortController()
    const folder = new MemoryFolder()
    const model = await readBytes(everything)
    controller.abort()
    await expect(writeModel(model, folder, 'b.onnx', { reencode: true, signal: controller.signal })).rejects.toThrow(
      AbortError,
    )
    expect(folder.files.has('b.onnx')).toBe(false)
    await expect(
      onnx.read({ main: memorySource(everything), sibling: async () => null }, { signal: controller.signal }),
    ).rejects.toThrow(AbortError)
  })

  it('removes the file when the disk is full', async () => {
    const calls: string[] = []
    const folder = {
      create: async (name: string) => ({
        write: async () => {
          throw new Error('disk full')
        },
        close: async () => void calls.push(`close ${name}`),
        abort: async () => void calls.push(`abort ${name}`),
      }),
    }
    await expect(writeModel(await readBytes(everything), folder, 'a', { reencode: true })).rejects.toThrow('disk full')
    expect(calls).toEqual(['abort a'])
  })
})

/** A model without its sources and functions, to be compared as data. */
function plain(model: Awaited<ReturnType<typeof readBytes>>): unknown {
  const labels = [...bodies(model)].map((body) => body.name)
  const text = JSON.stringify({ ...model, source: null, labels }, (_, value: unknown) => {
    if (value instanceof Map) return [...value]
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
    return typeof value === 'bigint'
      ? `${value}n`
      : typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : value
  })
  return JSON.parse(text)
}
