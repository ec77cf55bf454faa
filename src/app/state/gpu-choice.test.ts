import { afterEach, describe, expect, it, vi } from 'vitest'
import { forced, gpuChoice } from './gpu-choice'
import { settings } from './settings.svelte'

afterEach(() => {
  vi.unstubAllGlobals()
  settings.setGpu(true)
  settings.setRuntimeOnGpu(false)
})

describe('what jobs may use of the GPU', () => {
  it('is what the settings say', () => {
    expect(gpuChoice('')).toEqual({ use: 'auto', asksRuntime: false })
    settings.setRuntimeOnGpu(true)
    expect(gpuChoice('')).toEqual({ use: 'auto', asksRuntime: true })
    settings.setGpu(false)
    expect(gpuChoice('')).toEqual({ use: 'off', asksRuntime: false })
  })

  it('is what the address says, where it says something', () => {
    expect(gpuChoice('?gpu=off')).toEqual({ use: 'off', asksRuntime: false })
    settings.setGpu(false)
    expect(gpuChoice('?lang=fr&gpu=software')).toEqual({ use: 'software', asksRuntime: false })
    for (const other of ['?gpu=', '?gpu=OFF', '?gpu=webgpu', '?gpus=off'])
      expect(forced(new URLSearchParams(other))).toBeNull()
  })

  it('loses a device only in tests, on software', () => {
    expect(gpuChoice('?gpu=software&gpu-loss=3')).toMatchObject({ use: 'software', loseAfter: 3 })
    for (const search of [
      '?gpu-loss=3',
      '?gpu=off&gpu-loss=3',
      '?gpu=software&gpu-loss=-1',
      '?gpu=software&gpu-loss=x',
    ]) {
      expect(gpuChoice(search)).not.toHaveProperty('loseAfter')
    }
  })
})
