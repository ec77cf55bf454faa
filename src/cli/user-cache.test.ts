import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cacheFolder, tileCache } from './user-cache'

const scratch = () => mkdtemp(join(tmpdir(), 'plume-cache-'))

describe('the cache of tile sizes', () => {
  it('keeps what was measured, one value for each adapter', async () => {
    const folder = join(await scratch(), 'new', 'plume')
    const cache = tileCache(folder)
    expect(await cache.get('gemm a')).toBeUndefined()
    await cache.set('gemm a', 'tiled')
    await cache.set('gemm b', 'shared-64x64')
    await cache.set('gemm a', 'shared-128x64')
    expect(await tileCache(folder).get('gemm a')).toBe('shared-128x64')
    expect(await tileCache(folder).get('gemm b')).toBe('shared-64x64')
    expect(await readdir(folder)).toEqual(['gpu-tiles.json'])
  })

  it('forgets the oldest, and passes over what is no entry', async () => {
    const folder = await scratch()
    const path = join(folder, 'gpu-tiles.json')
    await writeFile(path, JSON.stringify({ version: 1, tiles: { number: 7, long: 'x'.repeat(600), good: 'tiled' } }))
    const cache = tileCache(folder)
    expect(await Promise.all(['number', 'long', 'good'].map((key) => cache.get(key)))).toEqual([
      undefined,
      undefined,
      'tiled',
    ])
    for (let i = 0; i < 70; i++) await cache.set(`adapter ${i}`, 'tiled')
    expect(await cache.get('good')).toBeUndefined()
    expect(await cache.get('adapter 69')).toBe('tiled')
    expect(Object.keys((JSON.parse(await readFile(path, 'utf8')) as { tiles: object }).tiles)).toHaveLength(64)
  })

  it.each(['', '{', 'null', '[]', '{"version":2,"tiles":{"a":"b"}}', '{"version":1,"tiles":null}'])(
    'counts a damaged file as empty: %s',
    async (text) => {
      const folder = await scratch()
      await writeFile(join(folder, 'gpu-tiles.json'), text)
      expect(await tileCache(folder).get('a')).toBeUndefined()
    },
  )

  it('does without a folder that cannot be written', async () => {
    const folder = await scratch()
    await writeFile(join(folder, 'plume'), 'a file in its place')
    const cache = tileCache(join(folder, 'plume'))
    await cache.set('a', 'tiled')
    expect(await cache.get('a')).toBeUndefined()
    await mkdir(join(folder, 'gpu-tiles.json'))
    await tileCache(folder).set('a', 'tiled')
    expect(await tileCache(folder).get('a')).toBeUndefined()
  })

  it('lies where the system keeps such things', () => {
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe('/c/plume')
    expect(cacheFolder({}, 'linux')).toBe(join(homedir(), '.cache/plume'))
    expect(cacheFolder({}, 'darwin')).toBe(join(homedir(), 'Library/Caches/plume'))
    expect(cacheFolder({ LOCALAPPDATA: '/l' }, 'win32')).toBe('/l/plume')
  })
})
