import { memorySource, readChunks, type Bytes, type ByteSource } from '../core/bytes'

/**
 * Bytes of a file after gzip at the platform's default level: about what a web server sends. The level belongs to the
 * platform, so pages and Node may differ by a few bytes; this number decides nothing.
 */
export async function gzipSize(source: Pick<ByteSource, 'read' | 'sizeBytes'>, signal?: AbortSignal): Promise<number> {
  const stream = new CompressionStream('gzip')
  const reader = stream.readable.getReader()
  const counted = (async () => {
    let size = 0
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return size
      size += value.byteLength
    }
  })()
  const writer = stream.writable.getWriter()
  try {
    for await (const chunk of readChunks(source, 0, source.sizeBytes, {
      ...(signal && { signal }),
      chunkBytes: 2 ** 20,
    })) {
      await writer.write(chunk)
    }
    await writer.close()
  } catch (error) {
    counted.catch(() => undefined) // the reader fails with the stream; the cause is thrown here
    await writer.abort(error).catch(() => undefined)
    throw error
  }
  return counted
}

export function gzipSizeOf(bytes: Bytes, signal?: AbortSignal): Promise<number> {
  return gzipSize(memorySource(bytes), signal)
}
