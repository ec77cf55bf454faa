import { afterEach, expect, it } from 'vitest'
import { testGpu } from '../../testing/webgpu-device'
import type { Gpu } from './device'
import { gemmCandidates, squareProduct, type TileCache } from './tiles'
import { CallTimer, tune } from './tune'

const open: Gpu[] = []
afterEach(() => {
  for (const gpu of open.splice(0)) gpu.dispose()
})

async function gpuOf(isSoftware: boolean): Promise<Gpu> {
  const gpu = await testGpu()
  open.push(gpu)
  const facts = { ...gpu.facts, isSoftware }
  return { ...gpu, facts, useTiles: (tiles) => void Object.assign(facts, { tiles }) }
}

function cacheOf(entries: readonly (readonly [string, string])[] = []): TileCache & { readonly keys: string[] } {
  const kept = new Map(entries)
  const keys: string[] = []
  return {
    keys,
    get: async (key) => {
      keys.push(key)
      return [...kept.values()].at(-1)
    },
    set: async (key, value) => void kept.set(key, value),
  }
}

it('times every variant that the device can run, again and again', async () => {
  const gpu = await gpuOf(false)
  const timer = new CallTimer(gpu.device)
  const candidates = gemmCandidates(gpu.facts, false)
  expect(candidates).toContain('tiled')
  for (const gemm of ['tiled', 'tiled', 'shared-64x64']) {
    const ms = await timer.measure(squareProduct(64), { ...gpu.facts, tiles: { gemm } })
    expect(ms).toBeGreaterThan(0)
  }
  timer.dispose()
})

it('believes a cache that was filled on the same adapter', async () => {
  const gpu = await gpuOf(false)
  const cache = cacheOf([['', 'shared-128x64']])
  await tune(gpu, cache)
  expect(gpu.facts.tiles).toEqual({ gemm: 'shared-128x64' })
  expect(cache.keys).toEqual([expect.stringContaining('google swiftshader SwiftShader driver')])
})

it('measures nothing on software, and keeps nothing of a search that fails', async () => {
  const software = await gpuOf(true)
  const cache = cacheOf()
  await tune(software, cache)
  expect([cache.keys, software.facts.tiles]).toEqual([[], {}])
  const gpu = await gpuOf(false)
  gpu.device.destroy()
  await tune(gpu, cache)
  expect(await cache.get('any')).toBeUndefined()
})
