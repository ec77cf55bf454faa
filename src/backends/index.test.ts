import { describe, expect, it } from 'vitest'
import { DeviceError } from '../core/errors'
import { loadQuantizeWasm } from '../testing/backends'
import { createBackend } from '.'

describe('createBackend', () => {
  it('takes SIMD where it is there, without a note', async () => {
    const { backend, note } = await createBackend('auto', loadQuantizeWasm)
    expect(backend.name).toBe('wasm')
    expect(note).toBeUndefined()
  })

  it('falls back to the reference and says why', async () => {
    const { backend, note } = await createBackend('auto', async () => new Uint8Array([0, 97, 115, 109]))
    expect(backend.name).toBe('reference')
    expect(note?.severity).toBe('warning')
    expect(note?.text).toContain('the bytes are the same')
    expect(note?.text).toContain('The SIMD kernels could not be loaded')
    const offline = await createBackend('auto', () => Promise.reject(new TypeError('fetch failed')))
    expect(offline.note?.text).toContain('fetch failed')
  })

  it('fails when wasm was asked for and cannot be had', async () => {
    const broken = createBackend('wasm', async () => new Uint8Array(8))
    await expect(broken).rejects.toThrow(DeviceError)
    await expect(broken).rejects.toThrow('choose the reference backend')
  })
})
