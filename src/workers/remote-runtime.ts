import { transfer, wrap, type Remote } from 'comlink'
import type { Bytes } from '../core/bytes'
import { DeviceError } from '../core/errors'
import type { Tensor } from '../core/tensor'
import type { Runtime, SessionOptions } from '../runtime/runtime'
import type { OrtWorkerApi } from './ort-api'

/** A Runtime that lives in a worker of its own, so that a running session can be ended. */
export interface RemoteRuntime extends Runtime {
  terminate(): void
}

const startWorker = () =>
  new Worker(new URL('./ort.worker.ts', import.meta.url), { type: 'module', name: 'onnxruntime' })

/** Of its WebGPU provider. */
export const startGpuWorker = () =>
  new Worker(new URL('./ort-webgpu.worker.ts', import.meta.url), { type: 'module', name: 'onnxruntime-webgpu' })

/** Several of one thread each, for work side by side. @throws DeviceError */
export const startRemoteRuntimes = (count: number): Promise<RemoteRuntime[]> =>
  Promise.all(Array.from({ length: count }, () => startRemoteRuntime(startWorker, 1)))

/**
 * Starts onnxruntime in a nested worker.
 * @param threads at most; absent: as many as the device has for it
 * @throws DeviceError when the worker cannot be started
 */
export async function startRemoteRuntime(start = startWorker, threads?: number): Promise<RemoteRuntime> {
  const worker = start()
  const remote: Remote<OrtWorkerApi> = wrap<OrtWorkerApi>(worker)
  const broken = new Promise<never>((_, reject) => {
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      reject(
        new DeviceError(
          `onnxruntime stopped (${event.message || 'its worker could not be loaded'}); this device may be out of memory. ` +
            'Close other tabs and try again, or use the command line.',
        ),
      )
    })
  })
  broken.catch(() => undefined) // reported by whoever calls next
  const call = <T>(answer: Promise<T>) => Promise.race([answer, broken])

  const started = await call(remote.start(threads))
  return {
    provider: started.provider,
    version: started.version,
    ...(started.threads !== undefined && { threads: started.threads }),
    terminate: () => worker.terminate(),
    async open(model, options) {
      const { session, inputs, outputs } = await call(remote.open(...ownedModel(model, options)))
      return {
        inputs,
        outputs,
        run: (feeds) => call(remote.run(session, ownedFeeds(feeds))),
        release: () => call(remote.release(session)),
      }
    },
  }
}

/** The caller keeps its bytes; a copy moves, since cloning a view would copy the whole buffer behind it. */
function ownedModel(model: Bytes, options: SessionOptions = {}): [Bytes, SessionOptions] {
  const copy = model.slice()
  const external = [...(options.externalData ?? [])].map(([path, bytes]): [string, Bytes] => [path, bytes.slice()])
  const message = { ...options, externalData: new Map(external) }
  return [
    transfer(copy, [copy.buffer]),
    transfer(
      message,
      external.map(([, bytes]) => bytes.buffer),
    ),
  ]
}

function ownedFeeds(feeds: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const copies = new Map([...feeds].map(([name, value]) => [name, { ...value, data: value.data.slice() }]))
  return transfer(
    copies,
    [...copies.values()].map(({ data }) => data.buffer),
  )
}
