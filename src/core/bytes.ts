import { DeviceError, FormatError, throwIfAborted } from './errors'

/** Bytes on an ordinary (not shared) buffer: what files, transfers and GPU uploads accept. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Random access to a file of any size: a Blob, an OPFS handle, a Node file handle, or memory. */
export interface ByteSource {
  /** File name without folder, for messages. */
  readonly name: string
  readonly sizeBytes: number
  /**
   * Reads exactly `length` bytes from `offset`. The caller owns the result.
   * @param room memory of the caller, for at least as much: the result may lie at its beginning
   * @throws FormatError when the range leaves the file
   */
  read(offset: number, length: number, room?: Bytes): Promise<Bytes>
}

/** A file together with the files that lie beside it (external data of ONNX, shards). */
export interface FileSet {
  readonly main: ByteSource
  /** Opens a neighbour by its path relative to `main`, with `/` between parts; null when there is none. */
  sibling(path: string): Promise<ByteSource | null>
}

/** Takes a file's bytes in order. Nothing is visible under the final name before `close`. */
export interface ByteSink {
  write(chunk: Bytes): Promise<void>
  close(): Promise<void>
  /** Removes what was written. Safe to call after `close` failed. */
  abort(): Promise<void>
}

/** A place that new files can be written to. */
export interface OutputFolder {
  create(name: string): Promise<ByteSink>
}

/** Largest slice that is read or written at once: browsers fail on reads near 2 GiB, and memory must stay bounded. */
export const CHUNK_BYTES = 16 * 1024 * 1024

export function checkRange(source: { name: string; sizeBytes: number }, offset: number, length: number): void {
  if (!(offset >= 0 && length >= 0 && offset + length <= source.sizeBytes)) {
    throw new FormatError(
      `${length} bytes from byte ${offset} were expected, but the file ends at byte ${source.sizeBytes}`,
      { file: source.name, offset },
    )
  }
}

export function memorySource(bytes: Bytes, name = 'memory'): ByteSource {
  return {
    name,
    sizeBytes: bytes.byteLength,
    // async so that a bad range rejects, as it does for files
    async read(offset, length) {
      checkRange({ name, sizeBytes: bytes.byteLength }, offset, length)
      return bytes.slice(offset, offset + length)
    },
  }
}

export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    sizeBytes: blob.size,
    async read(offset, length) {
      checkRange({ name, sizeBytes: blob.size }, offset, length)
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
      } catch (error) {
        throw new DeviceError(
          `${name}: the browser could not read ${length} bytes from byte ${offset} (${String(error)}). ` +
            'The file may have been moved or changed since it was dropped; drop it again.',
        )
      }
    },
  }
}

/** A file that stands alone. */
export function singleFile(main: ByteSource): FileSet {
  return { main, sibling: async () => null }
}

/** Reads `[offset, offset + length)` piece by piece. */
export async function* readChunks(
  source: Pick<ByteSource, 'read'>,
  offset: number,
  length: number,
  options: { chunkBytes?: number; signal?: AbortSignal } = {},
): AsyncGenerator<Bytes> {
  const chunkBytes = options.chunkBytes ?? CHUNK_BYTES
  for (let at = 0; at < length; at += chunkBytes) {
    throwIfAborted(options.signal)
    yield await source.read(offset + at, Math.min(chunkBytes, length - at))
  }
}

/** Keeps written files in memory; `files` holds those that were closed. */
export class MemoryFolder implements OutputFolder {
  readonly files = new Map<string, Bytes>()

  async create(name: string): Promise<ByteSink> {
    const chunks: Bytes[] = []
    return {
      write: async (chunk) => void chunks.push(chunk),
      close: async () => void this.files.set(name, concatBytes(chunks)),
      abort: async () => void this.files.delete(name),
    }
  }
}

export function concatBytes(chunks: readonly Uint8Array[]): Bytes {
  const result = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0))
  let at = 0
  for (const chunk of chunks) {
    result.set(chunk, at)
    at += chunk.byteLength
  }
  return result
}
