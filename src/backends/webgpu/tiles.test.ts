import { describe, expect, it } from 'vitest'
import type { DeviceFacts } from './dispatch'
import { gemmCandidates, gemmTile, searchTiles, type TileSearch } from './tiles'

const facts = (change: Partial<DeviceFacts> = {}): DeviceFacts => ({
  isSoftware: false,
  features: new Set(),
  limits: {
    maxStorageBufferBindingSize: 2 ** 27,
    maxBufferSize: 2 ** 28,
    maxStorageBuffersPerShaderStage: 8,
    maxComputeWorkgroupStorageSize: 16384,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupsPerDimension: 65535,
  },
  tiles: {},
  ...change,
})
const ALL = new Set(['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'])
const FLOATS = ['tiled', 'shared-64x64', 'shared-128x64', 'shared-128x128']

/** Milliseconds by tile; Infinity stands for a shader that the driver refuses. */
function search(times: Record<string, number>, change: Partial<TileSearch> = {}) {
  const asked: string[] = []
  const kept = new Map<string, string>()
  const options: TileSearch = {
    ...{ facts: facts(), adapter: 'some GPU' },
    cache: { get: async (key) => kept.get(key), set: async (key, value) => void kept.set(key, value) },
    async measure(_call, { tiles }) {
      asked.push(tiles['gemm']!)
      const ms = times[tiles['gemm']!] ?? 9
      if (ms === Infinity) throw new Error('refused')
      return ms
    },
    ...change,
  }
  return { run: () => searchTiles(options), asked, kept }
}

describe('what may be chosen', () => {
  it('is what the device has the features, memory and invocations for', () => {
    expect(gemmCandidates(facts(), true)).toEqual(FLOATS)
    expect(gemmCandidates(facts({ features: ALL, matrixSides: [16] }), true)).toEqual([
      ...FLOATS,
      'shared-128x128-f16',
      'matrix-16',
    ])
    const limits = { ...facts().limits, maxComputeInvocationsPerWorkgroup: 128 }
    expect(gemmCandidates(facts({ limits }), false)).toEqual(FLOATS.slice(0, 3))
  })

  it('has float16 only where it is allowed', () => {
    expect(gemmCandidates(facts({ features: ALL, matrixSides: [8, 16] }), false)).toEqual(FLOATS)
  })

  it('falls back where a tile is unknown or does not fit', () => {
    expect(gemmTile(facts({ tiles: { gemm: 'shared-128x64' } }))).toMatchObject({ m: 128, n: 64 })
    expect(gemmTile(facts({ tiles: { gemm: 'matrix-16' } }))).toMatchObject({ type: 'shared', m: 64, n: 64 })
    expect(gemmTile(facts({ tiles: { gemm: 'toString' } }))).toMatchObject({ type: 'shared' })
    expect(gemmTile(facts({ isSoftware: true }))).toMatchObject({ type: 'tiled' })
  })
})

describe('a search', () => {
  it('takes the fastest, each measured in turns, and keeps it', async () => {
    const { run, asked, kept } = search({ 'shared-128x64': 3, tiled: 4 })
    expect(await run()).toEqual({ gemm: 'shared-128x64' })
    expect(asked.slice(0, 5)).toEqual([...FLOATS, 'tiled'])
    expect([...kept]).toEqual([[expect.stringContaining('some GPU'), 'shared-128x64']])
    const count = asked.length
    expect(await run()).toEqual({ gemm: 'shared-128x64' })
    expect(asked).toHaveLength(count)
  })

  it('passes over what the driver refuses', async () => {
    const { run } = search({ tiled: Infinity, 'shared-64x64': Infinity, 'shared-128x128': 2 })
    expect(await run()).toEqual({ gemm: 'shared-128x128' })
  })

  it('does not believe a cache that names what this device cannot run', async () => {
    const cache = { get: async () => 'matrix-16', set: async () => undefined }
    expect(await search({ tiled: 1 }, { cache }).run()).toEqual({ gemm: 'tiled' })
  })

  it('never runs on software', async () => {
    const { run, asked, kept } = search({}, { facts: facts({ isSoftware: true }) })
    expect(await run()).toEqual({})
    expect([asked, [...kept]]).toEqual([[], []])
  })
})
