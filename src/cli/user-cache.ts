/** What may be lost and is only kept to save time: in the folder that the system has for that. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { TileCache } from '../backends/webgpu/tiles'

export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'plume')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'plume')
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'plume')
}

/** Adapters that one machine sees over the years, and then some. */
const MOST_ENTRIES = 64
const LONGEST = 512

/**
 * Tile sizes by adapter, in one small JSON file. A file that is damaged counts as empty, and a folder that cannot be written
 * costs nothing but a new search.
 */
export function tileCache(folder = cacheFolder()): TileCache {
  const path = join(folder, 'gpu-tiles.json')
  return {
    get: async (key) => (await readEntries(path)).get(key),
    async set(key, value) {
      const others = [...(await readEntries(path))].filter(([name]) => name !== key).slice(1 - MOST_ENTRIES)
      const text = JSON.stringify({ version: 1, tiles: Object.fromEntries([...others, [key, value]]) }, null, 2)
      const unfinished = `${path}.${process.pid}`
      try {
        await mkdir(folder, { recursive: true })
        // whole or not at all: another process may read it at this moment
        await writeFile(unfinished, `${text}\n`)
        await rename(unfinished, path)
      } catch {
        // a cache that cannot be written is no reason to fail
        await rm(unfinished, { force: true }).catch(() => undefined)
      }
    },
  }
}

async function readEntries(path: string): Promise<ReadonlyMap<string, string>> {
  try {
    const found = JSON.parse(await readFile(path, 'utf8')) as { version?: unknown; tiles?: unknown } | null
    const { version, tiles } = found ?? {}
    if (version !== 1 || typeof tiles !== 'object' || tiles === null) return new Map()
    const entries = Object.entries(tiles as Record<string, unknown>)
    return new Map(entries.filter((entry): entry is [string, string] => isShort(entry[0]) && isShort(entry[1])))
  } catch {
    return new Map()
  }
}

const isShort = (value: unknown) => typeof value === 'string' && value.length <= LONGEST
