/**
 * Tile sizes of products of matrices, picked per adapter: no table knows all GPUs, so a few candidates are timed once and
 * the winner is kept by the caller's cache (IndexedDB in the page, a file in Node).
 */
import type { GemmCall } from '../kernel-calls'
import type { DeviceFacts, Dispatch } from './dispatch'

export interface GemmTile {
  /** 'plain' and 'tiled' read storage alone, the others through workgroup memory; 'matrix' multiplies with subgroup matrices. */
  readonly type: 'plain' | 'tiled' | 'shared' | 'matrix'
  /** Rows and columns of y that one workgroup computes. */
  readonly m: number
  readonly n: number
  /** What products are computed of; sums are float32 always. With f16 operands lose 13 of their 24 bits. */
  readonly element: 'f32' | 'f16'
  readonly enable?: Dispatch['enable']
  /** Features without which it cannot run. */
  readonly needs?: readonly string[]
  /** Sides of the fragments of subgroup matrices, of m, n and k alike. */
  readonly side?: number
}

const HALF = { element: 'f16', enable: ['f16'], needs: ['shader-f16'] } as const
const MATRIX = {
  element: 'f16',
  enable: ['f16', 'chromium_experimental_subgroup_matrix'],
  needs: ['shader-f16', 'subgroups', 'chromium-experimental-subgroup-matrix'],
} as const

const GEMM_TILES = {
  plain: { type: 'plain', m: 1, n: 1, element: 'f32' },
  tiled: { type: 'tiled', m: 8, n: 8, element: 'f32' },
  'shared-64x64': { type: 'shared', m: 64, n: 64, element: 'f32' },
  'shared-128x64': { type: 'shared', m: 128, n: 64, element: 'f32' },
  'shared-128x128': { type: 'shared', m: 128, n: 128, element: 'f32' },
  'shared-128x128-f16': { type: 'shared', m: 128, n: 128, ...HALF },
  'matrix-16': { type: 'matrix', m: 64, n: 64, side: 16, ...MATRIX },
  'matrix-8': { type: 'matrix', m: 32, n: 32, side: 8, ...MATRIX },
} as const satisfies Record<string, GemmTile>

export type GemmTileName = keyof typeof GEMM_TILES
const NAMES = Object.keys(GEMM_TILES) as GemmTileName[]

/** Fits every device that WebGPU allows. */
const DEFAULT = 'shared-64x64'

/** Workgroup memory and invocations of one workgroup. */
function demandOf({ type, m, n, element, side = 0 }: GemmTile): { bytes: number; invocations: number } {
  if (type === 'matrix') return { bytes: 256 * side + 16 * side ** 2, invocations: 128 }
  if (type !== 'shared') return { bytes: 0, invocations: 64 }
  return { bytes: 16 * (m + n) * (element === 'f16' ? 2 : 4), invocations: (m * n) / 64 }
}

function fits(tile: GemmTile, { limits, features, matrixSides = [] }: DeviceFacts): boolean {
  const { bytes, invocations } = demandOf(tile)
  return (
    bytes <= limits.maxComputeWorkgroupStorageSize &&
    invocations <= limits.maxComputeInvocationsPerWorkgroup &&
    (tile.needs ?? []).every((feature) => features.has(feature)) &&
    (tile.side === undefined || matrixSides.includes(tile.side))
  )
}

/** The tile that a search found, where the device has what it needs, else the one for its kind of device. */
export function gemmTile(facts: DeviceFacts): GemmTile {
  const name = NAMES.find((one) => one === facts.tiles['gemm'])
  if (name && fits(GEMM_TILES[name], facts)) return GEMM_TILES[name]
  return GEMM_TILES[facts.isSoftware ? 'tiled' : DEFAULT]
}

/** What a search may choose from. */
export function gemmCandidates(facts: DeviceFacts, allowsHalf: boolean): readonly GemmTileName[] {
  return NAMES.filter((name) => {
    const tile: GemmTile = GEMM_TILES[name]
    return tile.type !== 'plain' && fits(tile, facts) && (allowsHalf || tile.element === 'f32')
  })
}

export interface TileCache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string): Promise<void>
}

export interface TileSearch {
  readonly facts: DeviceFacts
  /** Names the adapter and its driver: what was measured on another one is not believed. */
  readonly adapter: string
  readonly cache: TileCache
  /** Products of float16 precision may win too. Default: no, since float32 graphs would lose digits. */
  readonly allowsHalf?: boolean
  /** Milliseconds of one such call when kernels choose by these facts, waiting included. */
  measure(call: GemmCall, facts: DeviceFacts): Promise<number>
}

/** Large enough to fill a big GPU, small enough for a phone: 2 GFLOP. */
const SIZE = 1024
const ROUNDS = 3
/** Of this search: another set of candidates or another size is another result. */
const VERSION = 1

/**
 * `DeviceFacts.tiles` for an adapter, from the cache or measured: each candidate `ROUNDS` times in turns, the best time
 * counts. Software adapters are never measured: nothing beats registers there.
 */
export async function searchTiles(search: TileSearch): Promise<DeviceFacts['tiles']> {
  const { facts, cache, allowsHalf = false } = search
  if (facts.isSoftware) return {}
  const candidates = gemmCandidates(facts, allowsHalf)
  const key = `gemm ${VERSION} ${allowsHalf ? 'half' : 'float'} ${search.adapter}`
  const cached = await cache.get(key)
  const known = candidates.find((name) => name === cached)
  const best = known ?? (await fastest(search, candidates))
  if (known === undefined) await cache.set(key, best)
  return { gemm: best }
}

async function fastest({ facts, measure }: TileSearch, candidates: readonly GemmTileName[]): Promise<GemmTileName> {
  const times = new Map<GemmTileName, number>()
  for (let round = 0; round < ROUNDS; round++) {
    for (const gemm of candidates) {
      // a driver may refuse a shader that the specification allows
      const ms = await measure(squareProduct(SIZE), { ...facts, tiles: { ...facts.tiles, gemm } }).catch(() => Infinity)
      times.set(gemm, Math.min(times.get(gemm) ?? Infinity, ms))
    }
  }
  return candidates.reduce((best, name) => (times.get(name)! < times.get(best)! ? name : best))
}

export function squareProduct(size: number): GemmCall {
  const matrix = (id: number) => ({ id, dtype: 'float32' as const, shape: [size, size] })
  return {
    ...{ kernel: 'gemm', a: matrix(1), b: matrix(2), output: matrix(3), m: size, n: size, k: size },
    ...{ transposeA: false, transposeB: false, alpha: 1, batches: [{ a: 0, b: 0 }] },
  }
}
