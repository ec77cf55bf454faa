import { createSHA256 } from 'hash-wasm'
import { readChunks } from '../../core/bytes'
import type { LazyTensor } from '../../graph/model'

/** Bytes read first: tensors that differ mostly differ there. */
const HEAD_BYTES = 64 * 1024

/** Groups tensors of equal dtype and bytes, whatever their shape, without ever holding more than a slice in memory. */
export async function groupEqual<T extends { tensor: LazyTensor }>(
  entries: readonly T[],
  signal: AbortSignal,
): Promise<T[][]> {
  const bySize = group(entries, ({ tensor }) => `${tensor.dtype} ${tensor.data.sizeBytes}`)
  const groups: T[][] = []
  for (const candidates of repeated(bySize)) {
    const heads = await groupByHash(candidates, HEAD_BYTES, signal)
    for (const sameHead of heads) {
      const isWhole = (sameHead[0]?.tensor.data.sizeBytes ?? 0) <= HEAD_BYTES
      groups.push(...(isWhole ? [sameHead] : await groupByHash(sameHead, Infinity, signal)))
    }
  }
  return groups
}

async function groupByHash<T extends { tensor: LazyTensor }>(
  entries: readonly T[],
  limit: number,
  signal: AbortSignal,
): Promise<T[][]> {
  const hasher = await createSHA256()
  const hashes = new Map<T, string>()
  for (const entry of entries) {
    const { data } = entry.tensor
    hasher.init()
    for await (const chunk of readChunks(data, 0, Math.min(limit, data.sizeBytes), { signal })) hasher.update(chunk)
    hashes.set(entry, hasher.digest())
  }
  return repeated(group(entries, (entry) => hashes.get(entry) ?? ''))
}

function group<T>(entries: readonly T[], keyOf: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const entry of entries) {
    const key = keyOf(entry)
    const members = groups.get(key)
    if (members) members.push(entry)
    else groups.set(key, [entry])
  }
  return groups
}

function repeated<T>(groups: Map<string, T[]>): T[][] {
  return [...groups.values()].filter((members) => members.length > 1)
}
