import { describe, expect, it } from 'vitest'
import { fakeGpu } from '../../testing/fake-gpu'
import { testDevice } from '../../testing/webgpu-device'
import { requestGpu, type GpuAnswer } from './device'

const reasonOf = (answer: GpuAnswer) => ('missing' in answer ? answer.missing : null)
const ask = (gpu: GPU | undefined, allowSoftware = false) => requestGpu(gpu, { allowSoftware })

describe('a GPU that is asked for', () => {
  it('says that there is no WebGPU', async () => {
    expect(reasonOf(await ask(undefined))).toEqual({ kind: 'no-webgpu', text: 'WebGPU is not available here' })
  })

  it('says that there is no adapter, also where asking fails', async () => {
    const text = 'WebGPU found no graphics adapter'
    expect(reasonOf(await ask(fakeGpu(null)))).toEqual({ kind: 'no-adapter', text })
    const failing = { requestAdapter: () => Promise.reject(new Error('no')) } as unknown as GPU
    expect(reasonOf(await ask(failing))).toEqual({ kind: 'no-adapter', text })
  })

  it.each([
    [{ isFallbackAdapter: true }, 'acme model-1'],
    [{ vendor: 'google', architecture: 'swiftshader' }, 'google swiftshader'],
    [{ description: 'llvmpipe (LLVM 15.0.6, 256 bits)' }, 'llvmpipe (LLVM 15.0.6, 256 bits)'],
    [{ vendor: 'microsoft', description: 'Microsoft Basic Render Driver' }, 'Microsoft Basic Render Driver'],
  ])('refuses software unless it is allowed: %o', async (info, name) => {
    expect(reasonOf(await ask(fakeGpu({ info })))).toEqual({
      kind: 'software',
      text: `the only graphics adapter is software (${name}), which is slower than WebAssembly`,
    })
    expect(reasonOf(await ask(fakeGpu({ info }), true))?.kind).toBe('device')
  })

  it('names the limit that is too small', async () => {
    const small = fakeGpu({ limits: { maxStorageBuffersPerShaderStage: 4 } })
    expect(reasonOf(await ask(small))).toEqual({
      kind: 'limits',
      text: 'acme model-1 is too small: its maxStorageBuffersPerShaderStage is 4, at least 8 is needed',
    })
  })

  it('passes on why there is no device, and has a name where browsers give none', async () => {
    const info = { vendor: '', architecture: '' }
    const text = 'the graphics adapter gave no device: out of devices'
    expect(reasonOf(await ask(fakeGpu({ info })))).toEqual({ kind: 'device', text })
  })

  it('collects errors that nobody waits for, and tells a loss from its own end', async () => {
    const open = async () => {
      const device = await testDevice()
      const answer = await ask(fakeGpu({ device: async () => device }))
      if ('missing' in answer) throw new Error(answer.missing.text)
      return { gpu: answer.gpu, device }
    }
    const { gpu, device } = await open()
    device.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE })
    await device.queue.onSubmittedWorkDone()
    await new Promise((done) => setTimeout(done, 20))
    expect(gpu.errors).toHaveLength(1)
    expect(gpu.isLost).toBe(false)
    device.destroy()
    await gpu.lost
    expect(gpu.isLost).toBe(true)

    const other = await open()
    other.gpu.dispose()
    await other.gpu.lost
    expect(other.gpu.isLost).toBe(false)
  })
})
