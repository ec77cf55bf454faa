import { openDB, type DBSchema } from 'idb'
import type { TileCache } from '../backends/webgpu/tiles'
import { TILE_DATABASE } from '../core/storage-names'

interface TileSchema extends DBSchema {
  tiles: { key: string; value: string }
}

/** Tile sizes by adapter. A database of its own: it may be lost at any time, and a refused one costs a new search. */
export function tileCache(): TileCache {
  const use = async <T>(work: (db: Awaited<ReturnType<typeof open>>) => Promise<T>): Promise<T | undefined> => {
    try {
      const db = await open()
      try {
        return await work(db)
      } finally {
        db.close()
      }
    } catch {
      return undefined
    }
  }
  return {
    get: (key) =>
      use(async (db) => {
        const value: unknown = await db.get('tiles', key)
        return typeof value === 'string' ? value : undefined
      }),
    set: async (key, value) => void (await use((db) => db.put('tiles', value, key))),
  }
}

const open = () => openDB<TileSchema>(TILE_DATABASE, 1, { upgrade: (db) => void db.createObjectStore('tiles') })
