import { readChunks, blobSource, type Bytes } from '../../core/bytes'
import { DeviceError } from '../../core/errors'
import { startSha256 } from '../../core/hash'
import { STORE_ROOT } from '../../core/storage-names'

/** What lies in the store's folder, each kind in folders named by id. */
export type Kind = 'results' | 'inputs' | 'checkpoints' | 'temporary'

/** The part of a FileSystemSyncAccessHandle that is used. */
export interface SyncFile {
  write(bytes: Bytes, options: { at: number }): number
  getSize(): number
  truncate?(size: number): void
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

export async function listFolders(kind: Kind): Promise<string[]> {
  const names: string[] = []
  for await (const name of (await kindFolder(kind)).keys()) names.push(name)
  return names
}

const isMissing = (error: unknown) => error instanceof Error && error.name === 'NotFoundError'

/**
 * Copies a blob piece by piece and returns its hash; nothing is left behind after a failure.
 * @throws DeviceError where the disk is full, or the blob cannot be read
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

/** @throws DeviceError for a short write: a full disk makes `write` return a smaller number instead of throwing */
export async function copyInto(file: SyncFile, blob: Blob, name: string): Promise<WrittenBytes> {
  const hash = await startSha256()
  const source = blobSource(blob, name)
  let at = 0
  for await (const chunk of readChunks(source, 0, blob.size)) {
    const written = file.write(chunk, { at })
    if (written !== chunk.byteLength) throw diskFull(name, blob.size, at + written)
    hash.update(chunk)
    at += written
  }
  file.flush()
  if (file.getSize() !== at) throw diskFull(name, at, file.getSize())
  return { sizeBytes: at, sha256: hash.digest() }
}

/** Whether the bytes are those that were written. */
export async function hasHash(file: Blob, { sizeBytes, sha256 }: WrittenBytes): Promise<boolean> {
  if (file.size !== sizeBytes) return false
  const hash = await startSha256()
  for await (const chunk of readChunks(blobSource(file, 'stored file'), 0, file.size)) hash.update(chunk)
  return hash.digest() === sha256
}

export function diskFull(name: string, expected: number, found: number): DeviceError {
  return new DeviceError(
    `${name}: the browser's storage is full: ${expected} bytes had to be written, ${found} were. ` +
      'Free disk space or delete data of this site, or use the command line, which writes to any folder.',
  )
}
