import type { IHasher } from 'hash-wasm'
import { readChunks, type ByteSource } from './bytes'
import { assert, throwIfAborted } from './errors'

/** Incremental SHA-256. */
export interface Sha256 {
  update(chunk: Uint8Array): void
  /** Lower-case hexadecimal digest; the hash is finished after it. */
  digest(): string
}

/** Finished ones, to be used again: each has a WASM memory, of which a page can have about a hundred. */
const idle: IHasher[] = []

/** Fetched with the first hash: its WASM is no part of what a page loads at first. */
export async function startSha256(): Promise<Sha256> {
  const { createSHA256 } = await import('hash-wasm')
  const hasher = idle.pop() ?? (await createSHA256())
  hasher.init()
  let isFinished = false
  return {
    update(chunk) {
      assert(!isFinished, 'a finished hash was added to')
      hasher.update(chunk)
    },
    digest() {
      assert(!isFinished, 'a hash was finished twice')
      isFinished = true
      const digest = hasher.digest('hex')
      idle.push(hasher)
      return digest
    },
  }
}

/** SHA-256 of files of any size, one after the other, read piece by piece. */
export async function sha256Of(
  sources: readonly ByteSource[],
  options: { signal?: AbortSignal; onBytes?: (done: number) => void } = {},
): Promise<string> {
  const hash = await startSha256()
  let done = 0
  for (const source of sources) {
    for await (const chunk of readChunks(source, 0, source.sizeBytes, options)) {
      throwIfAborted(options.signal)
      hash.update(chunk)
      done += chunk.byteLength
      options.onBytes?.(done)
    }
  }
  return hash.digest()
}
