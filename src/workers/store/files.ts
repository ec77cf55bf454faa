import { readChunks, blobSource, type Bytes } from '../../core/bytes'
import { DeviceError, throwIfAborted } from '../../core/errors'
import { sha256Of, startSha256 } from '../../core/hash'
import { STORE_ROOT } from '../../core/storage-names'

/** What lies in the store's folder, each kind in folders named by id. */
export type Kind = 'results' | 'inputs' | 'checkpoints' | 'temporary'

/** The part of a FileSystemSyncAccessHandle that is used. */
export interface SyncFile {
  write(bytes: Bytes, options: { at: number }): number
  getSize(): number
  truncate(size: number): void
  flush(): void
  close(): void
}

export interface WrittenBytes {
  readonly sizeBytes: number
  readonly sha256: string
}

export async function kindFolder(kind: Kind): Promise<FileSystemDirectoryHandle> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(STORE_ROOT, { create: true })
  return root.getDirectoryHandle(kind, { create: true })
}

export async function idFolder(kind: Kind, id: string, create = false): Promise<FileSystemDirectoryHandle> {
  return (await kindFolder(kind)).getDirectoryHandle(id, { create })
}

/** The file, or null where it is gone. */
export async function openFile(kind: Kind, id: string, name: string): Promise<File | null> {
  try {
    return await (await (await idFolder(kind, id)).getFileHandle(name)).getFile()
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

export async function removeFolder(kind: Kind, id: string): Promise<void> {
  const folder = await kindFolder(kind)
  await folder.removeEntry(id, { recursive: true }).catch((error: unknown) => {
    if (!isMissing(error)) throw error
  })
}

export async function removeFile(kind: Kind, id: string, name: string): Promise<void> {
  try {
    await (await idFolder(kind, id)).removeEntry(name)
  } catch (error) {
    if (!isMissing(error)) throw error
  }
}

export async function listFolders(kind: Kind): Promise<string[]> {
  const names: string[] = []
  for await (const name of (await kindFolder(kind)).keys()) names.push(name)
  return names
}

/** Gone, or something else has its name. */
const isMissing = (error: unknown) =>
  error instanceof Error && (error.name === 'NotFoundError' || error.name === 'TypeMismatchError')

/**
 * Copies a blob piece by piece and returns its hash; nothing is left behind after a failure.
 * @throws DiskFullError, or DeviceError where the blob cannot be read
 */
export async function writeBlob(kind: Kind, id: string, name: string, blob: Blob): Promise<WrittenBytes> {
  const folder = await idFolder(kind, id, true)
  const file = await (await folder.getFileHandle(name, { create: true })).createSyncAccessHandle()
  try {
    const written = await copyInto(file, blob, name)
    file.close()
    return written
  } catch (error) {
    file.close()
    await folder.removeEntry(name)
    throw error
  }
}

/**
 * Writes one piece and returns its length.
 * @throws DiskFullError: a full disk makes `write` return a smaller number, or one near 2³², instead of throwing (both
 * seen in Chromium 156)
 */
export function writeAll(file: Pick<SyncFile, 'write'>, chunk: Bytes, at: number, name: string): number {
  const written = file.write(chunk, { at })
  if (written === chunk.byteLength) return written
  throw new DiskFullError(name, at + chunk.byteLength, at + (written < chunk.byteLength ? written : 0))
}

/** @throws DiskFullError */
export async function copyInto(file: SyncFile, blob: Blob, name: string): Promise<WrittenBytes> {
  const hash = await startSha256()
  const source = blobSource(blob, name)
  let at = 0
  // a checkpoint may take the place of a longer one
  file.truncate(0)
  for await (const chunk of readChunks(source, 0, blob.size)) {
    at += writeAll(file, chunk, at, name)
    hash.update(chunk)
  }
  file.flush()
  if (file.getSize() !== at) throw new DiskFullError(name, at, file.getSize())
  return { sizeBytes: at, sha256: hash.digest() }
}

/**
 * Writes a stream to a file and returns its length.
 * @throws AbortError once the signal is aborted, DiskFullError; what was written is the caller's to remove
 */
export async function writeStream(
  handle: FileSystemFileHandle,
  name: string,
  stream: ReadableStream<Uint8Array>,
  onBytes: (doneBytes: number) => void,
  signal?: AbortSignal,
): Promise<number> {
  const file = await handle.createSyncAccessHandle()
  const reader = stream.getReader()
  let at = 0
  try {
    for (;;) {
      throwIfAborted(signal)
      const { done, value } = await reader.read()
      if (done) break
      at += writeAll(file, value as Bytes, at, name)
      onBytes(at)
    }
    file.flush()
    if (file.getSize() !== at) throw new DiskFullError(name, at, file.getSize())
    return at
  } finally {
    file.close()
    // what is not wanted any more is not packed either
    await reader.cancel().catch(() => undefined)
  }
}

/** Whether the bytes are those that were written; those that cannot be read are not. */
export async function hasHash(file: Blob, { sizeBytes, sha256 }: WrittenBytes): Promise<boolean> {
  if (file.size !== sizeBytes) return false
  try {
    return (await sha256Of([blobSource(file, 'stored file')])) === sha256
  } catch {
    return false
  }
}

/** The browser's storage took less than it was given. */
export class DiskFullError extends DeviceError {
  readonly foundBytes: number

  constructor(name: string, expectedBytes: number, foundBytes: number) {
    super(
      `${name}: the browser's storage is full: ${expectedBytes} bytes had to be written, ${foundBytes} were. ` +
        'Free disk space or delete data of this site, or use the command line, which writes to any folder.',
    )
    this.foundBytes = foundBytes
  }
}
