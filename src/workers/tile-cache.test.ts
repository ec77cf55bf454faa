import { IDBFactory } from 'fake-indexeddb'
import 'fake-indexeddb/auto'
import { afterEach, expect, it, vi } from 'vitest'
import { tileCache } from './tile-cache'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('keeps what was measured over visits', async () => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  expect(await tileCache().get('gemm a')).toBeUndefined()
  await tileCache().set('gemm a', 'tiled')
  await tileCache().set('gemm a', 'shared-64x64')
  expect(await tileCache().get('gemm a')).toBe('shared-64x64')
  expect(await tileCache().get('gemm b')).toBeUndefined()
})

it('does without a database', async () => {
  vi.stubGlobal('indexedDB', {
    open: () => {
      throw new Error('refused')
    },
  })
  await tileCache().set('gemm a', 'tiled')
  expect(await tileCache().get('gemm a')).toBeUndefined()
})
