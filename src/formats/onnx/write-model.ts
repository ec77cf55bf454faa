import { createSHA256 } from 'hash-wasm'
import { CHUNK_BYTES, readChunks, type ByteSink, type Bytes, type OutputFolder } from '../../core/bytes'
import { assert, throwIfAborted } from '../../core/errors'
import type { OnProgress } from '../../core/progress'
import type { Model, TensorData } from '../../graph/model'
import type { WriteOptions, WrittenFile } from '../format'
import { onnxCarried } from './carried'
import { layOut, tensors, type ExternalLayout } from './layout'
import { MessageWriter } from './message-writer'
import { MODEL, TRAINING } from './schema'
import { writeEntries, writeOpsets } from './write-entries'
import { writeFunction, writeGraph, writeText } from './write-graph'
import { needsStrings, prepareStrings, type TensorPlace } from './write-tensor'

/** Protobuf refuses messages of 2 GiB; a little room is left for readers that copy. */
export const LARGEST_FILE_BYTES = 2 ** 31 - 1 - 2 ** 20

/** Small pieces are gathered to this size before they go to the sink. */
const GATHERED_BYTES = 1024 * 1024

/**
 * Writes a model as one file, or as `name` and `name.data` beside it when one file would be too large.
 * Where nothing was edited and the model came as one file, its bytes are copied.
 * @param largestBytes what one file may hold; lower in tests
 */
export async function writeModel(
  model: Model,
  folder: OutputFolder,
  name: string,
  options: WriteOptions = {},
  largestBytes = LARGEST_FILE_BYTES,
): Promise<WrittenFile[]> {
  if (isUnchanged(model, options)) {
    const { main } = model.source!
    const copy: TensorData = { sizeBytes: main.sizeBytes, read: (offset, length) => main.read(offset, length) }
    return writeFiles(folder, [{ name, sizeBytes: main.sizeBytes, parts: [copy] }], options)
  }
  for (const tensor of tensors(model)) if (needsStrings(tensor)) await prepareStrings(tensor)
  const inline = options.externalData === 'always' ? null : encodeSkeleton(model)
  if (inline && inline.sizeBytes <= largestBytes) {
    return writeFiles(folder, [{ name, sizeBytes: inline.sizeBytes, parts: skeletonParts(inline) }], options)
  }
  const dataName = `${name}.data`
  const layout = layOut(model, dataName.slice(dataName.lastIndexOf('/') + 1))
  const skeleton = encodeSkeleton(model, layout.place)
  const files = [{ name, sizeBytes: skeleton.sizeBytes, parts: skeletonParts(skeleton) }]
  if (layout.parts.length > 0) files.push({ name: dataName, sizeBytes: layout.sizeBytes, parts: dataParts(layout) })
  return writeFiles(folder, files, options)
}

/** Whether the bytes that the model was read from still say the same (R1). */
export function isUnchanged(model: Model, options: WriteOptions = {}): boolean {
  const carried = onnxCarried(model)
  const isWhole = model.source !== null && carried !== undefined && !carried.isExternal
  return isWhole && model.edits === 0 && !options.reencode && options.externalData !== 'always'
}

export function encodeSkeleton(model: Model, place?: TensorPlace): MessageWriter {
  const carried = onnxCarried(model)
  const explicit = carried?.explicit
  const writer = new MessageWriter()
  if (model.irVersion !== 0 || explicit?.includes(MODEL.irVersion)) writer.int64(MODEL.irVersion, model.irVersion)
  writeText(writer, MODEL.producerName, model.producerName, explicit)
  writeText(writer, MODEL.producerVersion, model.producerVersion, explicit)
  writeText(writer, MODEL.domain, model.domain, explicit)
  if (model.modelVersion !== 0n || explicit?.includes(MODEL.modelVersion)) {
    writer.int64(MODEL.modelVersion, model.modelVersion)
  }
  writeText(writer, MODEL.docString, model.docString, explicit)
  writeGraph(writer, MODEL.graph, model.graph, place)
  writeOpsets(writer, MODEL.opsetImport, model.opsets, carried)
  writeEntries(writer, MODEL.metadata, model.metadata, carried)
  for (const { initialization, algorithm, unknown } of carried?.training ?? []) {
    writer.message(MODEL.trainingInfo, () => {
      if (initialization) writeGraph(writer, TRAINING.initialization, initialization, place)
      if (algorithm) writeGraph(writer, TRAINING.algorithm, algorithm, place)
      for (const raw of unknown) writer.raw(raw)
    })
  }
  for (const def of model.functions) writeFunction(writer, MODEL.functions, def, place)
  for (const raw of carried?.unknown ?? []) writer.raw(raw)
  return writer
}

/** The skeleton's stretches with the tensors between them, in file order. */
function* skeletonParts(writer: MessageWriter): Generator<Bytes | TensorData> {
  const { skeleton } = writer
  let at = 0
  for (const hole of writer.holes) {
    yield skeleton.subarray(at, hole.at)
    yield hole.data
    at = hole.at
  }
  yield skeleton.subarray(at)
}

function* dataParts(layout: ExternalLayout): Generator<Bytes | TensorData> {
  let at = 0
  for (const { offset, data } of layout.parts) {
    yield new Uint8Array(offset - at)
    yield data
    at = offset + data.sizeBytes
  }
}

interface PlannedFile {
  readonly name: string
  readonly sizeBytes: number
  readonly parts: Iterable<Bytes | TensorData>
}

/** Writes files side by side; the first becomes visible last. After a failure none is left. */
async function writeFiles(
  folder: OutputFolder,
  files: readonly PlannedFile[],
  options: WriteOptions,
): Promise<WrittenFile[]> {
  const report = progressOf(files, options.onProgress)
  const sinks: ByteSink[] = []
  const written: WrittenFile[] = []
  try {
    for (const file of [...files].reverse()) {
      throwIfAborted(options.signal)
      const sink = await folder.create(file.name)
      sinks.push(sink)
      const sha256 = await stream(file, sink, report, options.signal)
      written.unshift({ name: file.name, sizeBytes: file.sizeBytes, sha256 })
    }
    for (const sink of sinks) await sink.close()
    return written
  } catch (error) {
    for (const sink of sinks) await sink.abort()
    throw error
  }
}

function progressOf(files: readonly PlannedFile[], onProgress: OnProgress | undefined): (bytes: number) => void {
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0)
  let done = 0
  return (bytes) => {
    done += bytes
    onProgress?.({ stage: 'write', done, total, unit: 'bytes' })
  }
}

async function stream(
  file: PlannedFile,
  sink: ByteSink,
  report: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = await createSHA256()
  const emit = async (chunk: Bytes) => {
    throwIfAborted(signal)
    hash.update(chunk)
    const { byteLength } = chunk
    await sink.write(chunk)
    report(byteLength)
  }
  // a sink may keep what it is given, so each gathered chunk gets a buffer of its own
  let left = file.sizeBytes
  let gathered = new Uint8Array(Math.min(GATHERED_BYTES, left))
  let fill = 0
  const flush = async () => {
    if (fill === 0) return
    await emit(gathered.subarray(0, fill))
    gathered = new Uint8Array(Math.min(GATHERED_BYTES, left))
    fill = 0
  }
  for await (const chunk of chunksOf(file.parts, signal)) {
    if (chunk.length > gathered.length - fill) await flush()
    left -= chunk.length
    if (chunk.length >= GATHERED_BYTES) {
      await emit(chunk)
    } else {
      gathered.set(chunk, fill)
      fill += chunk.length
    }
  }
  await flush()
  assert(left === 0, `${file.name} was planned with ${file.sizeBytes} bytes, ${left} are missing`)
  return hash.digest('hex')
}

async function* chunksOf(parts: Iterable<Bytes | TensorData>, signal?: AbortSignal): AsyncGenerator<Bytes> {
  for (const part of parts) {
    if (!(part instanceof Uint8Array)) yield* readChunks(part, 0, part.sizeBytes, { signal })
    else for (let at = 0; at < part.length; at += CHUNK_BYTES) yield part.slice(at, at + CHUNK_BYTES)
  }
}
