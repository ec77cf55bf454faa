import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { DeviceError } from '../../core/errors'
import { histogramFor, parametersFor, weights } from '../../testing/quantize-kit'
import { testGpu } from '../../testing/webgpu-device'
import type { Backend } from '../backend'
import { referenceBackend } from '../reference/reference'
import type { Gpu } from './device'
import { createWebgpuBackend } from './quantize'
import { checkRounding } from './quantize-check'

let gpu: Gpu
let backend: Backend
beforeAll(async () => {
  gpu = await testGpu()
  backend = await createWebgpuBackend(gpu)
})
afterAll(() => gpu.dispose())

describe('the GPU backend', () => {
  it('makes no buffer after the first call of a size', async () => {
    const { device } = gpu
    const layout = { outer: 3, channels: 7, inner: 501 }
    const values = weights(layout, 3)
    const all = async () => {
      await backend.minMax(values, layout)
      await backend.histogram(values, histogramFor(layout))
      const parameters = parametersFor(layout, 'int8')
      const bytes = await backend.quantize(values, parameters)
      await backend.dequantize(bytes, parameters)
      await backend.fakeQuantize(values, parameters)
      await backend.pack(bytes, 4)
    }
    await all()
    const made = vi.spyOn(device, 'createBuffer')
    for (let i = 0; i < 5; i++) await all()
    expect(made).not.toHaveBeenCalled()
    made.mockRestore()
  })

  it('answers calls that overlap as if they came one after the other', async () => {
    const layout = { outer: 2, channels: 3, inner: 700 }
    const tensors = [1, 2, 3, 4].map((seed) => weights(layout, seed))
    const parameters = parametersFor(layout, 'uint8')
    const found = await Promise.all(tensors.map((values) => backend.quantize(values, parameters)))
    expect(found).toEqual(await Promise.all(tensors.map((values) => referenceBackend.quantize(values, parameters))))
  })

  it('refuses a GPU that rounds otherwise', async () => {
    const wrong: Backend = {
      ...referenceBackend,
      quantize: async (values, parameters) =>
        (await referenceBackend.quantize(values, parameters)).map((q, i) => (i === 516 ? q + 1 : q)),
    }
    await expect(checkRounding(wrong)).rejects.toThrow('This GPU rounds numbers otherwise than other machines do')
  })

  it('fails when the device is lost, and so does every call after it', async () => {
    const lost = await testGpu()
    const doomed = await createWebgpuBackend(lost)
    lost.device.destroy()
    await lost.lost
    const pack = () => doomed.pack(new Uint8Array(9), 4)
    await expect(pack()).rejects.toThrow('The GPU was lost')
    await expect(pack()).rejects.toThrow(DeviceError)
  })
})
