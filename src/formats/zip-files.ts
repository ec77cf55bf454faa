import { memorySource } from '../core/bytes'
import { UsageError } from '../core/errors'
import type { SampleFiles } from './format'
import { isZip, readZipDirectory, readZipEntry } from './npy/zip-reader'

const HEAD_BYTES = 4

/** What operating systems leave in folders. */
export const CLUTTER = /(^|\/)(\.[^/]*|__MACOSX|Thumbs\.db|desktop\.ini)(\/|$)/i

/**
 * A zip archive as the folder that it holds: of pictures, an idx pair, a table. Archives of arrays (.npz) stay what they are.
 * Entries are unpacked when they are opened.
 * @throws FormatError for a damaged archive, UsageError for a path that it does not hold
 */
export async function unpackedFiles(files: SampleFiles, signal?: AbortSignal): Promise<SampleFiles> {
  const [path, ...others] = files.paths
  if (path === undefined || others.length > 0 || /\.(npz|gz)$/i.test(path)) return files
  const archive = await files.open(path)
  const head = await archive.read(0, Math.min(HEAD_BYTES, archive.sizeBytes))
  if (!isZip(head)) return files
  const entries = (await readZipDirectory(archive)).filter((entry) => !entry.isDirectory && !CLUTTER.test(entry.path))
  if (entries.every((entry) => entry.path.endsWith('.npy'))) return files
  const byPath = new Map(entries.map((entry) => [entry.path, entry]))
  const open = async (name: string) => {
    const entry = byPath.get(name)
    if (!entry) throw new UsageError(`${files.name}: ${name} is not among the files given.`)
    const bytes = await readZipEntry(archive, entry, signal)
    return memorySource(bytes, name.slice(name.lastIndexOf('/') + 1))
  }
  return {
    ...{ name: files.name, paths: [...byPath.keys()].sort(), open },
    sibling: async (name) => (byPath.has(name) ? open(name) : null),
  }
}
