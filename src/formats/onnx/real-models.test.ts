import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memorySource, type Bytes, type FileSet } from '../../core/bytes'
import { FormatError } from '../../core/errors'
import { hasSharedData, sharedDataDir, sharedPath } from '../../testing/shared-data'
import { encodeOnnx } from './encode'
import { onnx } from './onnx'
import { readBytes, rewritten, written } from './onnx-test-kit'

const bytesOf = (path: string): Bytes => new Uint8Array(readFileSync(path))

const paths = hasSharedData
  ? readdirSync(sharedDataDir, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.onnx'))
  : []

function filesOf(path: string): FileSet {
  const full = sharedPath(path)
  const beside = readdirSync(dirname(full))
  const sibling = async (name: string) =>
    beside.includes(name) ? memorySource(bytesOf(join(dirname(full), name)), name) : null
  return { main: memorySource(bytesOf(full), basename(full)), sibling }
}

describe.skipIf(!hasSharedData)('ONNX on real models (needs ../shared/data)', () => {
  it('finds the models', () => expect(paths.length).toBeGreaterThanOrEqual(20))

  it.each(paths)('%s: encoding anew is stable', async (path) => {
    const files = filesOf(path)
    expect(onnx.match(await files.main.read(0, Math.min(4096, files.main.sizeBytes)), path)).toBe(true)
    const once = (await written(await onnx.read(files))).get('out.onnx')!
    expect(Buffer.compare(await rewritten(once), once)).toBe(0)
  })

  it.each([
    'mnist-cntk/mnist.onnx',
    'sklearn-trees/treecl.onnx',
    'silero-vad/silero_vad_half.onnx',
    'stories260K/stories260K.onnx',
  ])('%s: every truncation is refused', async (path) => {
    const bytes = (await filesOf(path).main.read(0, filesOf(path).main.sizeBytes)) as Bytes
    for (let part = 0; part < 64; part++) {
      const cut = bytes.slice(0, Math.floor((bytes.length * part) / 64))
      await expect(readBytes(cut)).rejects.toThrow(FormatError)
    }
  })

  const corpus = hasSharedData
    ? readdirSync(sharedPath('malformed-protobuf'), { recursive: true, encoding: 'utf8' })
    : []

  it('answers every malformed protobuf with a model or a FormatError', async () => {
    const files = corpus.filter((name) => /[^/]\/[^/]+$/.test(name) || !name.includes('go-fuzz'))
    let count = 0
    for (const name of files) {
      const path = sharedPath('malformed-protobuf', name)
      const error = await readBytes(bytesOf(path)).then(
        () => null,
        (reason: unknown) => reason,
      )
      if (error !== null) expect(error).toBeInstanceOf(FormatError)
      count++
    }
    expect(count).toBeGreaterThanOrEqual(30)
  })

  it.each([
    ['mnist-cntk/mnist.onnx', { Input3: [1, 1, 28, 28] }],
    ['cifar10-resnet20/cifar10-resnet20.onnx', null],
    ['cifar10-resnet20-external/cifar10-resnet20.onnx', null],
    ['stories260K/stories260K.onnx', { tokens: [1, 7] }],
    ['silero-vad/silero_vad.onnx', { input: [1, 576], state: [2, 1, 128], sr: [] }],
  ])('%s: onnxruntime computes the same from what we write', async (path, shapes) => {
    const model = await onnx.read(filesOf(path))
    const encoded = (await written(model)).get('out.onnx')!
    const original = path.includes('external')
      ? bytesOf(sharedPath('cifar10-resnet20/cifar10-resnet20.onnx'))
      : bytesOf(sharedPath(path))
    const before = await outputs(original, shapes)
    const after = await outputs(encoded, shapes)
    expect([...after.keys()]).toEqual([...before.keys()])
    for (const [name, bytes] of before) expect(Buffer.compare(after.get(name)!, bytes)).toBe(0)
    expect(await encodeOnnx({ ...model, edits: 1 })).toEqual(encoded)
  })
})

/** Runs a model on numbers that are the same on every machine; the bytes of each output. */
async function outputs(
  model: Bytes,
  shapes: Readonly<Record<string, readonly number[]>> | null,
): Promise<Map<string, Buffer>> {
  const ort = await import('onnxruntime-web')
  ort.env.wasm.numThreads = 1
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 4 })
  const feeds: Record<string, InstanceType<typeof ort.Tensor>> = {}
  for (const input of session.inputMetadata) {
    if (!input.isTensor) throw new Error(`${input.name} is not a tensor`)
    const shape = shapes?.[input.name] ?? input.shape.map((dim) => (typeof dim === 'number' && dim > 0 ? dim : 1))
    const count = shape.reduce((product, size) => product * size, 1)
    const values = Array.from({ length: count }, (_, i) => ((i * 7919) % 263) / 131 - 1)
    feeds[input.name] =
      input.type === 'int64'
        ? new ort.Tensor(
            'int64',
            BigInt64Array.from(values, (_, i) => (input.name === 'sr' ? 16000n : BigInt(i * 37 + 3))),
            shape,
          )
        : new ort.Tensor('float32', Float32Array.from(values), shape)
  }
  const results = await session.run(feeds)
  const bytes = new Map<string, Buffer>()
  for (const [name, tensor] of Object.entries(results)) {
    const data = tensor.data as Float32Array
    bytes.set(name, Buffer.from(data.buffer, data.byteOffset, data.byteLength))
  }
  await session.release()
  return bytes
}
