import type { ByteSink, Bytes, OutputFolder } from '../core/bytes'
import { assert } from '../core/errors'
import { DiskFullError, writeAll, type SyncFile } from './store/files'

/** Results up to this size stay in memory; larger ones go to the origin's private file system. */
export const MEMORY_LIMIT_BYTES = 256_000_000

type SpillFile = Omit<SyncFile, 'truncate'>

/** Where large results go; the page's worker uses `openPrivateFolder`. */
export interface SpillFolder {
  open(name: string): Promise<SpillFile>
  /** The finished file, as a handle to the disk. */
  read(name: string): Promise<Blob>
  remove(name: string): Promise<void>
}

/**
 * Collects written files as Blobs: in memory while they are small, on disk from `limitBytes` on. Where the browser
 * refuses its disk (some private windows) they stay in memory.
 */
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

  async #openFile(name: string) {
    try {
      const folder = await this.#openSpill()
      return { folder, file: await folder.open(name) }
    } catch {
      return null
    }
  }

  async create(name: string): Promise<ByteSink> {
    let chunks: Bytes[] = []
    let size = 0
    let disk: { readonly folder: SpillFolder; readonly file: SpillFile } | null = null
    let mustStay = false

    const spill = async () => {
      disk = await this.#openFile(name)
      mustStay = !disk
      if (!disk) return
      let at = 0
      for (const chunk of chunks) at += writeAll(disk.file, chunk, at, name)
      chunks = []
    }

    return {
      write: async (chunk) => {
        if (!disk && !mustStay && size + chunk.byteLength > this.#limitBytes) await spill()
        if (disk) writeAll(disk.file, chunk, size, name)
        else chunks.push(chunk)
        size += chunk.byteLength
      },
      close: async () => {
        if (!disk) return void this.blobs.set(name, new Blob(chunks))
        disk.file.flush()
        const written = disk.file.getSize()
        disk.file.close()
        if (written !== size) throw new DiskFullError(name, size, written)
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
