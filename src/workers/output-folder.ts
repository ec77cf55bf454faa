import type { ByteSink, Bytes, OutputFolder } from '../core/bytes'
import { assert } from '../core/errors'
import { diskFull, type SyncFile } from './store/files'

/** Results up to this size stay in memory; larger ones go to the origin's private file system. */
export const MEMORY_LIMIT_BYTES = 256_000_000

/** Where large results go; the page's worker uses `openPrivateFolder`. */
export interface SpillFolder {
  open(name: string): Promise<SyncFile>
  /** The finished file, as a handle to the disk. */
  read(name: string): Promise<Blob>
  remove(name: string): Promise<void>
}

/** Collects written files as Blobs: in memory while they are small, on disk from `limitBytes` on. */
export class BlobFolder implements OutputFolder {
  readonly blobs = new Map<string, Blob>()
  readonly #openSpill: () => Promise<SpillFolder>
  readonly #limitBytes: number

  constructor(openSpill: () => Promise<SpillFolder>, limitBytes = MEMORY_LIMIT_BYTES) {
    this.#openSpill = openSpill
    this.#limitBytes = limitBytes
  }

  /** The finished file; it leaves the folder. */
  take(name: string): Blob {
    const blob = this.blobs.get(name)
    assert(blob, `${name} was not written`)
    this.blobs.delete(name)
    return blob
  }

  async create(name: string): Promise<ByteSink> {
    let chunks: Bytes[] = []
    let size = 0
    let disk: { folder: SpillFolder; file: SyncFile } | null = null

    const spill = async () => {
      const folder = await this.#openSpill()
      disk = { folder, file: await folder.open(name) }
      let at = 0
      for (const chunk of chunks) at += writeAll(disk.file, chunk, at, name)
      chunks = []
      return disk
    }

    return {
      write: async (chunk) => {
        if (!disk && size + chunk.byteLength <= this.#limitBytes) {
          chunks.push(chunk)
        } else {
          const { file } = disk ?? (await spill())
          writeAll(file, chunk, size, name)
        }
        size += chunk.byteLength
      },
      close: async () => {
        if (!disk) return void this.blobs.set(name, new Blob(chunks))
        disk.file.flush()
        const written = disk.file.getSize()
        disk.file.close()
        if (written !== size) throw diskFull(name, size, written)
        this.blobs.set(name, await disk.folder.read(name))
      },
      abort: async () => {
        chunks = []
        this.blobs.delete(name)
        if (!disk) return
        disk.file.close()
        await disk.folder.remove(name)
      },
    }
  }
}

/** A full disk makes `write` return a smaller number instead of throwing (seen in Chromium 156). */
function writeAll(file: SyncFile, chunk: Bytes, at: number, name: string): number {
  const written = file.write(chunk, { at })
  if (written !== chunk.byteLength) throw diskFull(name, at + chunk.byteLength, at + written)
  return written
}
