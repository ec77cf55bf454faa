import { expect, it } from 'vitest'
import { keptCheckpoints } from './training'
import type { StoreCheckpoints } from './store/checkpoints'

/** The store's contract, in memory. */
function memoryStore() {
  const kept = new Map<string, { json: unknown; bytes: Uint8Array<ArrayBuffer> | null }>()
  const store: StoreCheckpoints = {
    load: async (key) => kept.get(key) ?? null,
    save: async (key, json, bytes) => void kept.set(key, { json, bytes }),
    remove: async (key) => void kept.delete(key),
    clear: async () => kept.clear(),
  }
  return { kept, store }
}

it('writes a checkpoint at most once a second, and what is left over at a pause', async () => {
  const { kept, store } = memoryStore()
  let now = 0
  const places = keptCheckpoints(store, { seed: 1 }, () => now)
  for (const at of [1, 2, 3]) await places.save(Uint8Array.of(at))
  expect(kept.size).toBe(0)
  now = 1000
  await places.save(Uint8Array.of(4))
  expect(await places.load()).toEqual(Uint8Array.of(4))
  await places.save(Uint8Array.of(5))
  await places.flush()
  await places.flush()
  expect(await places.load()).toEqual(Uint8Array.of(5))
})

it('a checkpoint that was left half written does not cost the one before', async () => {
  const { kept, store } = memoryStore()
  const first = keptCheckpoints(store, { seed: 1 })
  for (const at of [1, 2]) {
    await first.save(Uint8Array.of(at))
    await first.flush()
  }
  // the store gives nothing whose bytes are not what was written
  const newest = [...kept].find(([, { bytes }]) => bytes?.[0] === 2)
  kept.delete(newest?.[0] ?? '')
  const again = keptCheckpoints(store, { seed: 1 })
  expect(await again.load()).toEqual(Uint8Array.of(1))
  await again.save(Uint8Array.of(3))
  await again.flush()
  expect(await keptCheckpoints(store, { seed: 1 }).load()).toEqual(Uint8Array.of(3))
})

it('other settings do not go on from it, and at the end it is gone', async () => {
  const { kept, store } = memoryStore()
  const places = keptCheckpoints(store, { seed: 1, layers: [4] })
  await places.save(Uint8Array.of(9))
  await places.flush()
  expect(await keptCheckpoints(store, { seed: 1, layers: [5] }).load()).toBeNull()
  expect(await keptCheckpoints(store, { layers: [4], seed: 1 }).load()).toEqual(Uint8Array.of(9))
  await places.save(Uint8Array.of(10))
  await places.clear()
  await places.flush()
  expect(kept.size).toBe(0)
})
