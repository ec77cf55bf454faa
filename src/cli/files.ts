import { access, constants, mkdir, open, readdir, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import type { Stats } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { checkRange, type Bytes, type ByteSink, type ByteSource, type FileSet, type OutputFolder } from '../core/bytes'
import { DeviceError, UsageError } from '../core/errors'
import type { SampleFiles } from '../formats/format'

/**
 * A file on disk. It is opened for each read: a folder of pictures has more files than a process may hold open, and
 * reads are large, so that opening costs nothing beside them.
 */
export async function nodeSource(path: string): Promise<ByteSource> {
  // asked before it is opened, for opening a pipe waits for a writer
  const facts = await factsOf(path)
  if (!facts.isDirectory() && !facts.isFile()) {
    throw new UsageError(`${path}: this is a pipe or a device; Plume reads files only. Save it to a file first.`)
  }
  const { size } = await withFile(path, (handle) => handle.stat())
  const name = basename(path)
  return {
    name,
    sizeBytes: size,
    async read(offset, length, room) {
      checkRange({ name, sizeBytes: size }, offset, length)
      const bytes = room ? room.subarray(0, length) : new Uint8Array(length)
      await withFile(path, (handle) => fill(bytes, handle, path, offset))
      return bytes
    },
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

const openFile = (path: string): Promise<FileHandle> => orUsage(path, open(path, 'r'))
const factsOf = (path: string): Promise<Stats> => orUsage(path, stat(path))

async function orUsage<T>(path: string, opened: Promise<T>): Promise<T> {
  try {
    return await opened
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
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a part of this path is a file, a folder was expected'
  if (code === 'EROFS') return 'the disk can only be read'
  if (code === 'ENAMETOOLONG') return 'the name is too long'
  if (code === 'ELOOP') return 'the link leads in a circle'
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
      if (!isInside(folder, full) || (await kindOf(full)) !== 'file') return null
      await refuseEscape(full, [folder, dirname(await realpath(file))])
      return nodeSource(full)
    },
  }
}

function isInside(folder: string, path: string): boolean {
  const [first] = relative(folder, path).split(sep)
  return first !== '..' && !isAbsolute(relative(folder, path))
}

/**
 * External data stays in the folder of the model, links included, so that a model from elsewhere cannot have other files
 * copied into a result. Where the model is a link itself (as download caches have it), its target's folder counts too.
 */
async function refuseEscape(path: string, folders: readonly string[]): Promise<void> {
  const target = await realpath(path)
  for (const folder of folders) if (isInside(await realpath(folder), target)) return
  throw new UsageError(
    `${path}: the weights are a link to ${target}, outside the folder of the model. Put the file itself beside the model.`,
  )
}

async function onlyModelIn(folder: string): Promise<string> {
  const models = (await orUsage(folder, readdir(folder))).filter((name) => name.endsWith('.onnx'))
  if (models.length === 1) return join(folder, models[0] as string)
  throw new UsageError(
    `${folder}: a folder with one .onnx file was expected, found ${models.length}. Name the model file itself.`,
  )
}

/** 'other' is a pipe, a device or a socket. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'nothing'> {
  try {
    const facts = await stat(path)
    return facts.isDirectory() ? 'folder' : facts.isFile() ? 'file' : 'other'
  } catch {
    return 'nothing'
  }
}

/** Whether both names lead to one file on disk, through links or not. */
export async function isSameFile(one: string, other: string): Promise<boolean> {
  if (resolve(one) === resolve(other)) return true
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => null)))
  return !!a && !!b && a.ino !== 0 && a.ino === b.ino && a.dev === b.dev
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

async function fill(bytes: Bytes, handle: FileHandle, path: string, offset: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, offset + done)
    if (bytesRead === 0) throw new DeviceError(`${path}: the file became shorter while it was read. Run again.`)
    done += bytesRead
  }
}

async function walk(folder: string, root: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await orUsage(folder, readdir(folder, { withFileTypes: true }))) {
    const full = join(folder, entry.name)
    // linked pictures are data like others; linked folders are not followed, for they may lead in circles
    const isFile = entry.isFile() || (entry.isSymbolicLink() && (await kindOf(full)) === 'file')
    if (entry.isDirectory()) found.push(...(await walk(full, root)))
    else if (isFile) found.push(relative(root, full).split(sep).join('/'))
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
      const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
      TEMPORARY.add(temporary)
      try {
        await orDevice(path, makeFolder(dirname(path)))
        // what an earlier process of this number left behind, were it a link to something precious
        await orDevice(path, rm(temporary, { force: true }))
        return nodeSink(await orDevice(path, open(temporary, 'wx')), temporary, path, options.force)
      } catch (error) {
        TEMPORARY.delete(temporary)
        throw error
      }
    },
  }
}

/** With all folders above it. Node's own `recursive` never returns where the system refuses new folders, as in /proc. */
async function makeFolder(folder: string): Promise<void> {
  if ((await kindOf(folder)) === 'folder') return
  const above = dirname(folder)
  if (above !== folder) await makeFolder(above)
  try {
    await mkdir(folder)
  } catch (error) {
    // another run may have made it in the meantime
    if ((await kindOf(folder)) !== 'folder') throw error
  }
}

/** Unfinished files; removed when the process is interrupted. */
const TEMPORARY = new Set<string>()

export async function removeUnfinished(): Promise<void> {
  await Promise.all([...TEMPORARY].map((path) => rm(path, { force: true })))
}

/** @throws UsageError where something exists that may not, or must not, be replaced */
export async function refuseToOverwrite(path: string, force: boolean): Promise<void> {
  const kind = await kindOf(path)
  if (kind === 'nothing') return
  // a finished file takes the place of what stands there: that must never be a folder or a device
  if (kind === 'folder') throw new UsageError(`${path} is a folder. Name the file to write.`)
  if (kind === 'other') throw new UsageError(`${path} is a pipe or a device; Plume writes files only. Name a file.`)
  if (!force) throw new UsageError(`${path} exists already. Give another name, or --force to replace it.`)
}

/** @throws DeviceError where no file can be made, told before the work starts */
export async function refuseUnwritable(path: string): Promise<void> {
  let folder = dirname(resolve(path))
  while ((await kindOf(folder)) === 'nothing' && dirname(folder) !== folder) folder = dirname(folder)
  if ((await kindOf(folder)) !== 'folder') {
    throw new DeviceError(`${path}: ${folder} is a file, a folder was expected. Choose another place for it.`)
  }
  await orDevice(path, access(folder, constants.W_OK))
}

export async function removeFile(path: string): Promise<void> {
  await rm(path, { force: true })
}

async function orDevice<T>(path: string, done: Promise<T>): Promise<T> {
  try {
    return await done
  } catch (error) {
    throw new DeviceError(`${path}: ${reasonOf(error, 'could not be written')}. Choose another place for it.`)
  }
}

function nodeSink(handle: FileHandle, temporary: string, path: string, force: boolean): ByteSink {
  let isPlaced = false
  return {
    async write(chunk) {
      for (let done = 0; done < chunk.byteLength;) {
        const { bytesWritten } = await orDevice(path, handle.write(chunk, done, chunk.byteLength - done))
        done += bytesWritten
      }
    },
    async close() {
      await orDevice(path, handle.close())
      // another run may have written it in the meantime
      await refuseToOverwrite(path, force)
      await orDevice(path, rename(temporary, path))
      isPlaced = true
      TEMPORARY.delete(temporary)
    },
    async abort() {
      await handle.close().catch(() => undefined)
      await rm(isPlaced ? path : temporary, { force: true })
      TEMPORARY.delete(temporary)
    },
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
