import { open, mkdir, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { checkRange, type Bytes, type ByteSink, type ByteSource, type FileSet, type OutputFolder } from '../core/bytes'
import { DeviceError, UsageError } from '../core/errors'
import type { SampleFiles } from '../formats/format'

/**
 * A file on disk. It is opened for each read: a folder of pictures has more files than a process may hold open, and
 * reads are large, so that opening costs nothing beside them.
 */
export async function nodeSource(path: string): Promise<ByteSource> {
  const { size } = await withFile(path, (handle) => handle.stat())
  const name = basename(path)
  return {
    name,
    sizeBytes: size,
    read: (offset, length) => withFile(path, (handle) => readExactly(handle, { path, size }, offset, length)),
  }
}

async function withFile<T>(path: string, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFile(path)
  try {
    return await use(handle)
  } finally {
    await handle.close()
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r')
  } catch (error) {
    throw new UsageError(`${path}: ${reasonOf(error, 'could not be opened')}. Check the path.`)
  }
}

function reasonOf(error: unknown, otherwise: string): string {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOENT') return 'no such file'
  if (code === 'EACCES' || code === 'EPERM') return 'no permission'
  if (code === 'ENOSPC') return 'the disk is full'
  if (code === 'EISDIR') return 'this is a folder, a file was expected'
  return `${otherwise} (${code ?? String(error)})`
}

/** A model file and what lies beside it; for a folder, the one model file in it. */
export async function nodeFileSet(path: string): Promise<FileSet> {
  const file = (await kindOf(path)) === 'folder' ? await onlyModelIn(path) : path
  const folder = dirname(resolve(file))
  return {
    main: await nodeSource(file),
    async sibling(name) {
      const full = resolve(folder, name)
      if (relative(folder, full).startsWith('..')) return null
      return (await kindOf(full)) === 'file' ? nodeSource(full) : null
    },
  }
}

async function onlyModelIn(folder: string): Promise<string> {
  const models = (await readdir(folder)).filter((name) => name.endsWith('.onnx'))
  if (models.length === 1) return join(folder, models[0] as string)
  throw new UsageError(
    `${folder}: a folder with one .onnx file was expected, found ${models.length}. Name the model file itself.`,
  )
}

export async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file'
  } catch {
    return 'nothing'
  }
}

/** Data given as one file or one folder; a file brings its neighbours, since idx images need their labels. */
export async function nodeSampleFiles(path: string): Promise<SampleFiles> {
  const kind = await kindOf(path)
  if (kind === 'nothing') throw new UsageError(`${path}: no such file or folder. Check the path.`)
  const root = kind === 'folder' ? path : dirname(path)
  const paths = kind === 'folder' ? (await walk(path, path)).sort() : [basename(path)]
  return {
    name: basename(path),
    paths,
    open: (name) => nodeSource(join(root, name)),
    async sibling(name) {
      const full = join(root, name)
      return (await kindOf(full)) === 'file' ? nodeSource(full) : null
    },
  }
}

async function readExactly(
  handle: FileHandle,
  file: { path: string; size: number },
  offset: number,
  length: number,
): Promise<Bytes> {
  checkRange({ name: basename(file.path), sizeBytes: file.size }, offset, length)
  const bytes = new Uint8Array(length)
  for (let done = 0; done < length;) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done)
    if (bytesRead === 0) throw new DeviceError(`${file.path}: the file became shorter while it was read. Run again.`)
    done += bytesRead
  }
  return bytes
}

async function walk(folder: string, root: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const full = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await walk(full, root)))
    else if (entry.isFile()) found.push(relative(root, full).split(sep).join('/'))
  }
  return found
}

/**
 * A folder on disk to write into. Files are written under a temporary name and renamed when whole, so that a failed
 * run leaves nothing; existing files are kept unless `force`.
 */
export function nodeFolder(folder: string, options: { force: boolean }): OutputFolder {
  return {
    async create(name) {
      const path = join(folder, name)
      await refuseToOverwrite(path, options.force)
      await mkdir(folder, { recursive: true })
      const temporary = join(folder, `.${name}.${process.pid}.part`)
      TEMPORARY.add(temporary)
      const handle = await create(temporary, path)
      return nodeSink(handle, temporary, path)
    },
  }
}

/** Unfinished files; removed when the process is interrupted. */
const TEMPORARY = new Set<string>()

export async function removeUnfinished(): Promise<void> {
  await Promise.all([...TEMPORARY].map((path) => rm(path, { force: true })))
}

export async function refuseToOverwrite(path: string, force: boolean): Promise<void> {
  if (force || (await kindOf(path)) === 'nothing') return
  throw new UsageError(`${path} exists already. Give another name, or --force to replace it.`)
}

async function create(temporary: string, path: string): Promise<FileHandle> {
  try {
    return await open(temporary, 'w')
  } catch (error) {
    throw new DeviceError(`${path}: ${reasonOf(error, 'could not be written')}.`)
  }
}

function nodeSink(handle: FileHandle, temporary: string, path: string): ByteSink {
  const abort = async () => {
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true })
    TEMPORARY.delete(temporary)
  }
  return {
    async write(chunk) {
      try {
        for (let done = 0; done < chunk.byteLength;) {
          const { bytesWritten } = await handle.write(chunk, done, chunk.byteLength - done)
          done += bytesWritten
        }
      } catch (error) {
        throw new DeviceError(`${path}: ${reasonOf(error, 'could not be written')}.`)
      }
    },
    async close() {
      await handle.close()
      await rename(temporary, path)
      TEMPORARY.delete(temporary)
    },
    abort,
  }
}

/** @throws UsageError for a file that is missing or larger than `maxBytes` */
export async function readTextFile(path: string, maxBytes: number): Promise<string> {
  const source = await nodeSource(path)
  if (source.sizeBytes > maxBytes) {
    throw new UsageError(`${path}: ${source.sizeBytes} bytes are too many, at most ${maxBytes} were expected.`)
  }
  return new TextDecoder().decode(await source.read(0, source.sizeBytes))
}

export async function writeTextFile(path: string, text: string, force: boolean): Promise<void> {
  const sink = await nodeFolder(dirname(resolve(path)), { force }).create(basename(path))
  try {
    await sink.write(new TextEncoder().encode(text))
    await sink.close()
  } catch (error) {
    await sink.abort()
    throw error
  }
}
