import { Gunzip } from 'fflate'
import { readChunks, type ByteSource, type Bytes } from '../../core/bytes'
import { crc32 } from '../../core/crc32'
import { FormatError, throwIfAborted } from '../../core/errors'

/** Pushed piece by piece: deflate packs at most 1032 : 1, so at most 16 MiB too much are ever unpacked. */
const PUSH_BYTES = 16384

/** An unpacked file whose length the caller works out from its first bytes. */
export interface UnpackPlan {
  /** Bytes at the start that `sizeOf` needs; a shorter file gives what there is. */
  readonly headBytes: number
  /** The size that the file must have. Throws to refuse it; called before anything is allocated. */
  sizeOf(head: Bytes): number
}

/**
 * Unpacks a gzip file of a size known from its own header, and checks size and CRC-32.
 *
 * Source: RFC 1952.
 * @throws FormatError for damaged, truncated or too long data
 */
export async function gunzip(source: ByteSource, plan: UnpackPlan, signal?: AbortSignal): Promise<Bytes> {
  const file = source.name
  const head = new Uint8Array(plan.headBytes)
  let result: Bytes | undefined
  let at = 0
  const start = () => {
    result = new Uint8Array(plan.sizeOf(head.slice(0, Math.min(at, head.length))))
    result.set(head.subarray(0, Math.min(at, result.length)))
  }
  const take = (chunk: Uint8Array) => {
    if (!result) {
      const part = chunk.subarray(0, head.length - at)
      head.set(part, at)
      at += part.length
      if (at < head.length) return
      start()
      chunk = chunk.subarray(part.length)
    }
    const target = result as Bytes
    if (at + chunk.length > target.length) {
      throw new FormatError(`${target.length} unpacked bytes were expected, found more`, { file })
    }
    target.set(chunk, at)
    at += chunk.length
  }
  await push(source, take, signal)
  if (!result) start()
  const unpacked = result as unknown as Bytes
  if (at !== unpacked.length) {
    throw new FormatError(`${unpacked.length} unpacked bytes were expected, found ${at}`, { file })
  }
  await checkTrailer(source, unpacked)
  return unpacked
}

async function push(source: ByteSource, take: (chunk: Uint8Array) => void, signal?: AbortSignal): Promise<void> {
  const stream = new Gunzip(take)
  try {
    let pushed = 0
    for await (const chunk of readChunks(source, 0, source.sizeBytes, { signal })) {
      for (let from = 0; from < chunk.length; from += PUSH_BYTES) {
        throwIfAborted(signal)
        const piece = chunk.subarray(from, from + PUSH_BYTES)
        pushed += piece.length
        stream.push(piece, pushed === source.sizeBytes)
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) {
      throw new FormatError(`the gzip data are damaged (${error.message})`, { file: source.name })
    }
    throw error
  }
}

/** fflate does not look at the checksum. */
async function checkTrailer(source: ByteSource, unpacked: Bytes): Promise<void> {
  const offset = source.sizeBytes - 8
  const trailer = await source.read(offset, 8)
  const view = new DataView(trailer.buffer, trailer.byteOffset, 8)
  const [crc, size] = [view.getUint32(0, true), view.getUint32(4, true)]
  if (size !== unpacked.length % 2 ** 32 || crc !== crc32(unpacked)) {
    throw new FormatError('the gzip checksum does not match the data', { file: source.name, offset })
  }
}
