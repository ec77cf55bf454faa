import { afterEach, expect, it, vi } from 'vitest'
import { fakeGpu } from '../testing/fake-gpu'
import { testDevice } from '../testing/webgpu-device'
import { gpuOfJob } from './gpu'

afterEach(() => {
  vi.unstubAllGlobals()
})

const withGpu = (gpu: GPU | undefined) => vi.stubGlobal('navigator', { gpu })

it('takes none where none is wanted', () => {
  expect(gpuOfJob({ use: 'off' })).toBeUndefined()
})

it('takes software only where it is asked for', async () => {
  const device = await testDevice()
  withGpu(fakeGpu({ info: { architecture: 'swiftshader' }, device: async () => device }))
  expect(await gpuOfJob({ use: 'auto' })!.get()).toMatchObject({ missing: { kind: 'software' } })
  const keeper = gpuOfJob({ use: 'software' })!
  expect(await keeper.get()).toMatchObject({ gpu: { facts: { isSoftware: true } } })
  keeper.dispose()
})

it('says that a browser has no WebGPU', async () => {
  withGpu(undefined)
  expect(await gpuOfJob({ use: 'auto' })!.get()).toMatchObject({ missing: { kind: 'no-webgpu' } })
})

it('loses the first device for tests, and only that', async () => {
  const devices = [await testDevice(), await testDevice()]
  const left = [...devices]
  const info = { architecture: 'swiftshader' }
  withGpu(fakeGpu({ info, device: async () => left.shift()! }))
  const keeper = gpuOfJob({ use: 'software', loseAfter: 2 })!
  const submitted = async () => {
    const answer = await keeper.get()
    if (!('gpu' in answer)) throw new Error('no device')
    const { gpu } = answer
    gpu.device.queue.submit([])
    await new Promise((done) => setTimeout(done, 5))
    return gpu
  }
  const first = await submitted()
  expect(first.isLost).toBe(false)
  await submitted()
  expect(first.isLost).toBe(true)
  expect(await keeper.recover(first, new Error('mapAsync failed'))).toBe('again')
  for (let i = 0; i < 4; i++) expect((await submitted()).isLost).toBe(false)
  keeper.dispose()
})
