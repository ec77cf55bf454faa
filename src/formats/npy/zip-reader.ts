import { Inflate } from 'fflate'
import { readChunks, type ByteSource, type Bytes } from '../../core/bytes'
import { FormatError, throwIfAborted, UnsupportedError } from '../../core/errors'
import { crc32 } from '../../core/crc32'

/**
 * Reads zip archives strictly: the central directory is believed only where it agrees with the file's size, the local
 * headers and the checksums, and nothing is allocated that the declared sizes and the limits below do not allow.
 *
 * Source: PKWARE APPNOTE 6.3.10, sections 4.3 and 4.4.
 */
export interface ZipEntry {
  /** With `/` between parts; never absolute, never climbing. */
  readonly path: string
  readonly isDirectory: boolean
  readonly method: number
  readonly crc: number
  readonly packedBytes: number
  readonly sizeBytes: number
  readonly headerOffset: number
}

export interface ZipLimits {
  readonly entries: number
  /** Of all entries together, unpacked. */
  readonly totalBytes: number
  /** Unpacked bytes to the archive's bytes, above `freeBytes` unpacked. */
  readonly ratio: number
  readonly freeBytes: number
}

/** Arrays of zeros pack 1000 : 1, so small archives may unpack to 256 MiB whatever their ratio. */
export const ZIP_LIMITS: ZipLimits = {
  entries: 65535,
  totalBytes: 2 ** 31 - 1,
  ratio: 200,
  freeBytes: 256 * 1024 * 1024,
}

const END_BYTES = 22
const MAX_COMMENT_BYTES = 65535
const DIRECTORY_ENTRY_BYTES = 46
const LOCAL_HEADER_BYTES = 30
const STORED = 0
const DEFLATED = 8

export function isZip(head: Uint8Array): boolean {
  // an entry's header, or the end record of an empty archive
  return head[0] === 0x50 && head[1] === 0x4b && ((head[2] === 3 && head[3] === 4) || (head[2] === 5 && head[3] === 6))
}

/** @throws FormatError, UnsupportedError (encrypted, zip64, several volumes) */
export async function readZipDirectory(source: ByteSource, limits: ZipLimits = ZIP_LIMITS): Promise<ZipEntry[]> {
  const file = source.name
  const end = await findEnd(source)
  const view = new DataView(end.bytes.buffer, end.bytes.byteOffset, end.bytes.byteLength)
  const count = view.getUint16(10, true)
  const sizeBytes = view.getUint32(12, true)
  const offset = view.getUint32(16, true)
  if (view.getUint16(4, true) !== 0 || view.getUint16(8, true) !== count) {
    throw new UnsupportedError(`${file}: zip archives of several volumes are not read. Save one file.`)
  }
  if (count === 0xffff || sizeBytes === 0xffffffff || offset === 0xffffffff) refuseZip64(file)
  if (count > limits.entries) {
    throw new FormatError(`at most ${limits.entries} entries were expected, found ${count}`, { file })
  }
  if (offset + sizeBytes > end.offset || count * DIRECTORY_ENTRY_BYTES > sizeBytes) {
    throw new FormatError(
      `the directory (${count} entries, ${sizeBytes} bytes from byte ${offset}) does not fit before byte ${end.offset}`,
      { file, offset: end.offset },
    )
  }
  const entries = parseDirectory(await source.read(offset, sizeBytes), count, { file, offset })
  checkEntries(entries, source, offset, limits)
  return entries
}

function refuseZip64(file: string): never {
  throw new UnsupportedError(`${file}: zip64 archives (over 4 GB) are not read. Save fewer samples.`)
}

async function findEnd(source: ByteSource): Promise<{ bytes: Bytes; offset: number }> {
  const length = Math.min(source.sizeBytes, END_BYTES + MAX_COMMENT_BYTES)
  const start = source.sizeBytes - length
  const tail = await source.read(start, length)
  for (let at = length - END_BYTES; at >= 0; at--) {
    if (tail[at] !== 0x50 || tail[at + 1] !== 0x4b || tail[at + 2] !== 5 || tail[at + 3] !== 6) continue
    const commentBytes = (tail[at + 20] as number) | ((tail[at + 21] as number) << 8)
    if (at + END_BYTES + commentBytes === length) return { bytes: tail.slice(at, at + END_BYTES), offset: start + at }
  }
  throw new FormatError('the end record of a zip archive was expected, found none', { file: source.name })
}

function parseDirectory(bytes: Bytes, count: number, place: { file: string; offset: number }): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: ZipEntry[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const where = { file: place.file, offset: place.offset + at }
    if (at + DIRECTORY_ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== 0x02014b50) {
      throw new FormatError(`directory entry ${i} of ${count} was expected`, where)
    }
    const nameBytes = view.getUint16(at + 28, true)
    const next = at + DIRECTORY_ENTRY_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
    if (next > bytes.length) throw new FormatError(`directory entry ${i} leaves the directory`, where)
    checkExtra(bytes.subarray(at + DIRECTORY_ENTRY_BYTES + nameBytes).subarray(0, view.getUint16(at + 30, true)), where)
    const name = bytes.subarray(at + DIRECTORY_ENTRY_BYTES, at + DIRECTORY_ENTRY_BYTES + nameBytes)
    const path = checkPath(name, where)
    if (view.getUint16(at + 8, true) & 0x41) {
      throw new UnsupportedError(`${place.file}: ${path} is encrypted. Save the archive without a password.`)
    }
    const packedBytes = view.getUint32(at + 20, true)
    const sizeBytes = view.getUint32(at + 24, true)
    const headerOffset = view.getUint32(at + 42, true)
    if ([packedBytes, sizeBytes, headerOffset].includes(0xffffffff)) refuseZip64(place.file)
    const method = view.getUint16(at + 10, true)
    const crc = view.getUint32(at + 16, true)
    entries.push({ path, isDirectory: path.endsWith('/'), method, crc, packedBytes, sizeBytes, headerOffset })
    at = next
  }
  return entries
}

/** Extra fields are not needed, but records that do not fill them exactly show a damaged or crafted archive. */
function checkExtra(extra: Uint8Array, where: { file: string; offset: number }): void {
  let at = 0
  while (at + 4 <= extra.length) at += 4 + ((extra[at + 2] as number) | ((extra[at + 3] as number) << 8))
  if (at > extra.length) throw new FormatError('an extra field is longer than the room for it', where)
}

function checkPath(bytes: Uint8Array, where: { file: string; offset: number }): string {
  let path: string
  try {
    path = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FormatError('a file name in UTF-8 was expected', where)
  }
  const isUnsafe =
    path === '' ||
    /[\\\0]/.test(path) ||
    path.startsWith('/') ||
    /^[a-zA-Z]:/.test(path) ||
    path.split('/').some((part) => part === '..' || part === '.')
  if (isUnsafe) {
    throw new FormatError(`a plain relative file name was expected, found ${JSON.stringify(path.slice(0, 80))}`, where)
  }
  return path
}

function checkEntries(entries: readonly ZipEntry[], source: ByteSource, directoryOffset: number, limits: ZipLimits) {
  const file = source.name
  let total = 0
  let end = 0
  const seen = new Set<string>()
  for (const entry of [...entries].sort((a, b) => a.headerOffset - b.headerOffset)) {
    const where = { file, offset: entry.headerOffset }
    if (seen.has(entry.path)) throw new FormatError(`the entry ${entry.path} stands twice in the archive`, where)
    seen.add(entry.path)
    // entries that share bytes unpack one bomb many times
    if (entry.headerOffset < end) throw new FormatError(`the entry ${entry.path} overlaps the one before it`, where)
    end = entry.headerOffset + LOCAL_HEADER_BYTES + entry.packedBytes
    if (end > directoryOffset) throw new FormatError(`the entry ${entry.path} leaves the file`, where)
    total += entry.sizeBytes
  }
  if (total > limits.totalBytes || total > Math.max(limits.freeBytes, limits.ratio * source.sizeBytes)) {
    throw new FormatError(
      `${source.sizeBytes} bytes claim to unpack to ${total}; at most ${limits.totalBytes} bytes and ` +
        `${limits.ratio} times the archive are unpacked`,
      { file, hint: 'Give fewer samples, or save without compression (numpy.savez).' },
    )
  }
}

/**
 * Unpacks one entry and checks its size and CRC-32.
 * @throws FormatError, UnsupportedError for methods other than stored and deflated
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, signal?: AbortSignal): Promise<Bytes> {
  const label = `${source.name}: ${entry.path}`
  if (entry.method !== STORED && entry.method !== DEFLATED) {
    throw new UnsupportedError(
      `${label} is packed by method ${entry.method}; stored (0) and deflated (8) are read. Save it with NumPy.`,
    )
  }
  const start = await dataOffset(source, entry)
  if (start + entry.packedBytes > source.sizeBytes) {
    throw new FormatError('the entry leaves the file', { file: label, offset: entry.headerOffset })
  }
  const bytes =
    entry.method === STORED ? await readStored(source, entry, start) : await inflate(source, entry, start, signal)
  const crc = crc32(bytes)
  if (crc !== entry.crc) {
    throw new FormatError(`CRC-32 ${hex(entry.crc)} was expected, found ${hex(crc)}`, { file: label, offset: start })
  }
  return bytes
}

const hex = (value: number) => value.toString(16).padStart(8, '0')

async function dataOffset(source: ByteSource, entry: ZipEntry): Promise<number> {
  const header = await source.read(entry.headerOffset, LOCAL_HEADER_BYTES)
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const place = { file: `${source.name}: ${entry.path}`, offset: entry.headerOffset }
  if (view.getUint32(0, true) !== 0x04034b50) throw new FormatError('the header of the entry was expected', place)
  const nameBytes = view.getUint16(26, true)
  const name = await source.read(entry.headerOffset + LOCAL_HEADER_BYTES, nameBytes)
  if (new TextDecoder().decode(name) !== entry.path || view.getUint16(8, true) !== entry.method) {
    throw new FormatError('the header of the entry disagrees with the directory about name or method', place)
  }
  return entry.headerOffset + LOCAL_HEADER_BYTES + nameBytes + view.getUint16(28, true)
}

async function readStored(source: ByteSource, entry: ZipEntry, start: number): Promise<Bytes> {
  if (entry.packedBytes !== entry.sizeBytes) {
    throw new FormatError(`${entry.sizeBytes} stored bytes were expected, found ${entry.packedBytes}`, {
      file: `${source.name}: ${entry.path}`,
      offset: entry.headerOffset,
    })
  }
  return source.read(start, entry.sizeBytes)
}

/** Packed bytes are pushed in small pieces, so that a lying size is noticed after at most 64 MiB more. */
const PUSH_BYTES = 65536

async function inflate(source: ByteSource, entry: ZipEntry, start: number, signal?: AbortSignal): Promise<Bytes> {
  const place = { file: `${source.name}: ${entry.path}`, offset: start }
  // deflate packs at most 1032 : 1, so a larger claim is a lie that must not be allocated
  if (entry.sizeBytes > 1032 * entry.packedBytes + 64) {
    throw new FormatError(`${entry.packedBytes} packed bytes cannot hold ${entry.sizeBytes}`, place)
  }
  const result = new Uint8Array(entry.sizeBytes)
  let at = 0
  const stream = new Inflate((chunk) => {
    if (at + chunk.length > result.length) {
      throw new FormatError(`${entry.sizeBytes} unpacked bytes were expected, found more`, place)
    }
    result.set(chunk, at)
    at += chunk.length
  })
  try {
    let pushed = 0
    for await (const chunk of readChunks(source, start, entry.packedBytes, { signal })) {
      for (let from = 0; from < chunk.length; from += PUSH_BYTES) {
        throwIfAborted(signal)
        const piece = chunk.subarray(from, from + PUSH_BYTES)
        pushed += piece.length
        stream.push(piece, pushed === entry.packedBytes)
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw new FormatError(`the packed bytes are damaged (${error.message})`, place)
    }
    throw error
  }
  if (at !== entry.sizeBytes) {
    throw new FormatError(`${entry.sizeBytes} unpacked bytes were expected, found ${at}`, place)
  }
  return result
}
