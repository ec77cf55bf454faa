import type { Bytes, ByteSource, FileSet } from '../core/bytes'
import { detectModelEntry } from '../formats'
import { sha256Of } from '../core/hash'
import type { FormatMeta, ModelFormat } from '../formats/format'
import { encodeOnnx } from '../formats/onnx/encode'
import type { Model } from '../graph/model'
import type { JobPorts } from './ports'

export interface OpenedInput {
  readonly model: Model
  readonly meta: FormatMeta
  readonly format: ModelFormat
  /** The main file and every file beside it that the model refers to. */
  readonly sources: readonly ByteSource[]
  /** All of them together. */
  readonly sizeBytes: number
}

/** Reads a model and remembers which neighbouring files belong to it. @throws FormatError */
export async function openInput(files: FileSet, signal?: AbortSignal): Promise<OpenedInput> {
  const neighbours = new Map<string, ByteSource>()
  const watched: FileSet = {
    main: files.main,
    async sibling(path) {
      const source = neighbours.get(path) ?? (await files.sibling(path))
      if (source) neighbours.set(path, source)
      return source
    },
  }
  const { meta, load } = await detectModelEntry(watched)
  const format = await load()
  const model = await format.read(watched, signal ? { signal } : {})
  const sources = [files.main, ...neighbours.values()]
  return { model, meta, format, sources, sizeBytes: sources.reduce((sum, source) => sum + source.sizeBytes, 0) }
}

export interface IdentifiedInput extends OpenedInput {
  /** Of all its files in order: what identifies the model in reports and in the store. */
  readonly sha256: string
  readonly readMs: number
}

/** Opens a model and hashes all of it. @throws FormatError, AbortError */
export async function identifyInput(
  files: FileSet,
  { signal, onProgress, now }: Pick<JobPorts, 'signal' | 'onProgress' | 'now'>,
): Promise<IdentifiedInput> {
  const start = now()
  const input = await openInput(files, signal)
  const onBytes = (done: number) => onProgress({ stage: 'read', done, total: input.sizeBytes, unit: 'bytes' })
  const sha256 = await sha256Of(input.sources, { signal, onBytes })
  return { ...input, sha256, readMs: now() - start }
}

/** What onnxruntime is given as the original: the file itself, or one file made of it and its external data. */
export async function originalBytes(input: OpenedInput): Promise<Bytes> {
  const [main, ...others] = input.sources
  if (main && others.length === 0) return main.read(0, main.sizeBytes)
  return encodeOnnx(input.model)
}
