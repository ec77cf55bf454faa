import type { Bytes } from '../../core/bytes'

/** Raw deflate (RFC 1951) by the platform. */
export async function deflateRaw(bytes: Bytes): Promise<Bytes> {
  const inflated = await pump(new CompressionStream('deflate-raw'), bytes, Infinity)
  if (inflated === null) throw new Error('Bug in Plume: deflate without a limit reached one')
  return inflated
}

/** null: more than `maxBytes` come out. @throws where the bytes are no complete deflate stream, and nothing but one */
export async function inflateRaw(bytes: Bytes, maxBytes: number): Promise<Bytes | null> {
  const result = await pump(new DecompressionStream('deflate-raw'), bytes, maxBytes)
  if (result !== null) await refuseTrailing(bytes, maxBytes)
  return result
}

/**
 * Node 20 ignores what stands behind the end of the stream, browsers refuse it. Without its last byte a stream is
 * incomplete, unless that byte was not part of it.
 */
async function refuseTrailing(bytes: Bytes, maxBytes: number): Promise<void> {
  try {
    await pump(new DecompressionStream('deflate-raw'), bytes.subarray(0, -1), maxBytes)
  } catch {
    return
  }
  throw new Error('there is more behind the end of the compressed data')
}

type Transform = InstanceType<typeof DecompressionStream>

async function pump({ readable, writable }: Transform, bytes: Bytes, maxBytes: number): Promise<Bytes | null> {
  const writer = writable.getWriter()
  // a damaged or cancelled stream refuses what is still to be written; the reader tells
  void writer.write(bytes).then(
    () => writer.close().catch(() => undefined),
    () => undefined,
  )
  const reader = readable.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.byteLength
    if (length > maxBytes) {
      await reader.cancel().catch(() => undefined)
      return null
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.byteLength
  }
  return whole
}
