import type { Backend } from '../backend'
import type { Gpu } from './device'
import type { GpuKeeper } from './keeper'

/**
 * A backend on the GPU that goes on without it: what fails there is done again, on the device that took the lost one's place
 * or by `spare`. Every backend gives the same bytes, so nothing but time depends on it.
 * @param make the backend of one device; its shaders are loaded with the first
 */
export function steadyBackend(keeper: GpuKeeper, spare: Backend, make = webgpuBackend): Backend {
  /** Of what computed last. */
  let { name } = spare
  let current: { gpu: Gpu; backend: Promise<Backend> } | undefined

  const backendOf = (gpu: Gpu): Promise<Backend> => {
    if (current?.gpu !== gpu) current = { gpu, backend: make(gpu) }
    return current.backend
  }

  const steadily = async <T>(work: (backend: Backend) => Promise<T>): Promise<T> => {
    for (;;) {
      const answer = await keeper.get()
      if (!('gpu' in answer)) break
      try {
        const result = await work(await backendOf(answer.gpu))
        name = 'webgpu'
        return result
      } catch (error) {
        if ((await keeper.recover(answer.gpu, error)) === 'elsewhere') break
      }
    }
    name = spare.name
    return work(spare)
  }

  return {
    get name() {
      return name
    },
    minMax: (...args) => steadily((backend) => backend.minMax(...args)),
    quantize: (...args) => steadily((backend) => backend.quantize(...args)),
    dequantize: (...args) => steadily((backend) => backend.dequantize(...args)),
    fakeQuantize: (...args) => steadily((backend) => backend.fakeQuantize(...args)),
    histogram: (...args) => steadily((backend) => backend.histogram(...args)),
    pack: (...args) => steadily((backend) => backend.pack(...args)),
  }
}

const webgpuBackend = async (gpu: Gpu): Promise<Backend> => (await import('./quantize')).createWebgpuBackend(gpu)
