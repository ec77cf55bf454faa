import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gzipSize, gzipSizeOf } from './gzip'

describe('gzipSize', () => {
  it('is near what zlib makes, and small for what repeats', async () => {
    const { gzipSync } = await import('node:zlib')
    const text = new TextEncoder().encode('onnxruntime '.repeat(5001))
    const size = await gzipSizeOf(text)
    const expected = gzipSync(text)
    expect(gunzipSync(expected).byteLength).toBe(text.byteLength)
    expect(Math.abs(size - expected.byteLength)).toBeLessThan(20)
  })

  it('reads pieces, not the whole', async () => {
    let largest = 0
    const source = {
      sizeBytes: 3 * 2 ** 20 + 17,
      async read(_: number, length: number) {
        largest = Math.max(largest, length)
        return new Uint8Array(length)
      },
    }
    expect(await gzipSize(source)).toBeLessThan(10_000)
    expect(largest).toBe(2 ** 20)
  })

  it('hands on what reading throws', async () => {
    const source = {
      sizeBytes: 10,
      read: async () => {
        throw new Error('disk gone')
      },
    }
    await expect(gzipSize(source)).rejects.toThrow('disk gone')
  })
})
