import { Gunzip } from 'fflate'
import { concatBytes, readChunks, type ByteSource, type Bytes } from '../../core/bytes'
import { FormatError, throwIfAborted } from '../../core/errors'
import { isGzip } from '../../core/gzip'
import type { Note } from '../../core/progress'

/** Small enough for the processor's cache, large enough that reading costs nothing. */
export const WINDOW_BYTES = 2 ** 20

/** Pushed piece by piece: deflate packs at most 1032 : 1. */
const PUSH_BYTES = 16384

/** Bytes of a file in windows, each valid until the next, unpacked where it is a gzip file. */
async function* windows(source: ByteSource, signal?: AbortSignal): AsyncGenerator<Bytes> {
  const head = await source.read(0, Math.min(3, source.sizeBytes))
  if (!isGzip(head)) {
    const room = new Uint8Array(WINDOW_BYTES)
    for (let at = 0; at < source.sizeBytes; at += WINDOW_BYTES) {
      throwIfAborted(signal)
      yield await source.read(at, Math.min(WINDOW_BYTES, source.sizeBytes - at), room)
    }
    return
  }
  const chunks = readChunks(source, 0, source.sizeBytes, { chunkBytes: WINDOW_BYTES, ...(signal && { signal }) })
  let unpacked: Uint8Array[] = []
  const stream = new Gunzip((chunk) => void unpacked.push(chunk))
  let pushed = 0
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += PUSH_BYTES) {
      const piece = chunk.subarray(from, from + PUSH_BYTES)
      pushed += piece.length
      try {
        stream.push(piece, pushed === source.sizeBytes)
      } catch (error) {
        throw new FormatError(`the gzip data are damaged (${(error as Error).message})`, { file: source.name })
      }
      if (unpacked.length > 0) yield concatBytes(unpacked)
      unpacked = []
    }
  }
}

/**
 * The text of a file as UTF-8 without a byte order mark, lines ended by LF or CRLF. UTF-16 is known by its mark; what is
 * no UTF-8 is taken for Windows-1252, with a note.
 */
export async function* utf8Windows(source: ByteSource, notes: Note[], signal?: AbortSignal): AsyncGenerator<Bytes> {
  const encoder = new TextEncoder()
  let convert: ((bytes: Bytes) => Bytes) | undefined
  let isFirst = true
  for await (const window of windows(source, signal)) {
    let bytes = window
    if (isFirst) {
      isFirst = false
      const label = encodingOf(window)
      if (label !== 'utf-8') {
        const decoder = new TextDecoder(label)
        if (label === 'windows-1252') {
          notes.push({ severity: 'info', text: `${source.name} is not UTF-8; it was read as Windows-1252.` })
        }
        convert = (part) => encoder.encode(decoder.decode(part, { stream: true }))
      } else if (window[0] === 0xef && window[1] === 0xbb && window[2] === 0xbf) bytes = window.subarray(3)
      // Lines that end in CR alone, as old Macs wrote them
      if (!convert && !bytes.includes(10) && bytes.includes(13)) {
        convert = (part) => part.map((byte) => (byte === 13 ? 10 : byte))
      }
    }
    yield convert ? convert(bytes) : bytes
  }
}

function encodingOf(head: Bytes): 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head.subarray(0, 2 ** 16), { stream: true })
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}
