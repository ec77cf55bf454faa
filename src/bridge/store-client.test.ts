import { expose, type Endpoint } from 'comlink'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AbortError, DeviceError } from '../core/errors'
import type { StoreState, StoreTrouble, StoreWorkerApi } from '../workers/store-api'
import { StoreClient } from './store-client'

const STATE: StoreState = {
  mode: 'kept',
  isPersisted: true,
  resultBytes: 1,
  inputBytes: 2,
  pinnedBytes: 3,
  quotaBytes: 4,
  usageBytes: 5,
}

/** A worker's two ends on a message channel; the other end runs `api`. */
function workerOf(api: Partial<StoreWorkerApi>) {
  const { port1, port2 } = new MessageChannel()
  expose(api, port2 as unknown as Endpoint)
  port2.start()
  opened.push(port1, port2)
  return port1 as unknown as Worker
}
const opened: MessagePort[] = []

function clientOf(start: () => Worker) {
  const said: StoreTrouble[] = []
  const onChange = vi.fn()
  const starting = vi.fn(start)
  const client = new StoreClient({ onTrouble: (trouble) => said.push(trouble), onChange }, starting)
  return { client, said, onChange, starting }
}

afterEach(() => {
  for (const port of opened.splice(0)) port.close()
  vi.unstubAllGlobals()
})

describe('StoreClient', () => {
  it('starts one worker, with the first call, and hands on what it has to say', async () => {
    const { client, said, onChange, starting } = clientOf(() =>
      workerOf({
        async open(onTrouble, onChange) {
          onTrouble({ kind: 'newer', version: 9 })
          onChange()
          return STATE
        },
        list: async () => [],
      }),
    )
    expect(starting).not.toHaveBeenCalled()
    expect(await client.open()).toEqual(STATE)
    expect(await client.call((store) => store.list())).toEqual([])
    expect(starting).toHaveBeenCalledOnce()
    await vi.waitFor(() => expect(onChange).toHaveBeenCalledOnce())
    expect(said).toEqual([{ kind: 'newer', version: 9 }])
  })

  it('says that nothing is kept where the worker cannot start', async () => {
    const { client, said } = clientOf(() => {
      throw new Error('workers are forbidden here')
    })
    expect(await client.open()).toMatchObject({ mode: 'memory', isPersisted: false, quotaBytes: 0 })
    expect(said).toEqual([{ kind: 'refused', detail: 'workers are forbidden here' }])
    await expect(client.call((store) => store.list())).rejects.toThrow('workers are forbidden here')
  })

  it('says so where its script does not load, instead of waiting for ever', async () => {
    const worker = new EventTarget() as unknown as Worker
    worker.postMessage = () => undefined
    const { client, said } = clientOf(() => worker)
    const opening = client.open()
    setTimeout(() => worker.dispatchEvent(new Event('error', { cancelable: true })), 5)
    expect((await opening).mode).toBe('memory')
    expect(said).toEqual([{ kind: 'refused', detail: 'the script of the store could not be loaded' }])
  })

  it('keeps the class of an error, and hands on the progress of a zip', async () => {
    const { client } = clientOf(() =>
      workerOf({
        async exportZip(_ids, onProgress) {
          onProgress?.({ doneBytes: 1, totalBytes: 2 })
          await new Promise((resolve) => setTimeout(resolve, 10))
          throw new AbortError()
        },
        list: () => Promise.reject(new DeviceError('the disk is full')),
      }),
    )
    const onProgress = vi.fn()
    await expect(client.exportZip('all', onProgress)).rejects.toThrow(AbortError)
    expect(onProgress).toHaveBeenCalledWith({ doneBytes: 1, totalBytes: 2 })
    await expect(client.call((store) => store.list())).rejects.toThrow(DeviceError)
  })

  it('asks the browser for persistence, and takes a missing answer for a no', async () => {
    const { client } = clientOf(() => workerOf({}))
    vi.stubGlobal('navigator', { storage: { persist: async () => true } })
    expect(await client.persist()).toBe(true)
    vi.stubGlobal('navigator', {})
    expect(await client.persist()).toBe(false)
  })
})
