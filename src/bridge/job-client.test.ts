import { expose, type Endpoint } from 'comlink'
import { MessageChannel } from 'node:worker_threads'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { AbortError, DeviceError, FormatError } from '../core/errors'
import type { InspectReport } from '../jobs/inspect'
import type { CompressRequest, CompressResult, JobWorkerApi, ModelFiles } from '../workers/job-api'
import type { TrainResult } from '../workers/train-api'
import { JobClient, SILENCE_MS } from './job-client'

const files: ModelFiles = [{ path: 'm.onnx', file: new File(['x'], 'm.onnx') }]
const request: CompressRequest = { files, recipe: 'auto', gpu: { use: 'off', asksRuntime: false } }
const never = () => new Promise<never>(() => undefined)
const SILENT: JobWorkerApi = {
  inspect: never,
  identifyModel: never,
  identifyData: never,
  compress: never,
  sensitivity: never,
  preview: never,
  train: never,
  steer: never,
  trained: never,
  exportTrained: never,
}

/** A Worker of this process: the API answers over a real message channel. */
class FakeWorker extends EventTarget {
  isTerminated = false
  readonly #channel = new MessageChannel()
  readonly #far = this.#channel.port2 as unknown as Worker

  constructor(api: JobWorkerApi) {
    super()
    expose(api, this.#channel.port1 as unknown as Endpoint)
    this.#channel.port2.start()
  }
  postMessage(message: unknown, transfer: Transferable[]) {
    this.#far.postMessage(message, transfer)
  }
  override addEventListener(type: string, listener: EventListener) {
    if (type === 'message') this.#far.addEventListener(type, listener)
    else super.addEventListener(type, listener)
  }
  terminate() {
    this.isTerminated = true
    this.#channel.port1.close()
  }
}

const started: FakeWorker[] = []
function client(...apis: Partial<JobWorkerApi>[]) {
  let next = 0
  return new JobClient(() => {
    const worker = new FakeWorker({
      ...SILENT,
      ...apis[Math.min(next++, apis.length - 1)],
    })
    started.push(worker)
    return worker as unknown as Worker
  })
}
afterEach(() => {
  vi.useRealTimers()
  for (const worker of started.splice(0)) worker.terminate()
})

const report = (name: string) => ({ version: 1, file: { name } }) as InspectReport
const ignored = { onProgress: () => undefined, onSilence: () => undefined }

describe('JobClient', () => {
  it('starts one worker and keeps it between calls', async () => {
    const jobs = client({ inspect: async ([main]) => report(main.path) })
    const { signal } = new AbortController()
    expect((await jobs.inspect(files, signal)).file.name).toBe('m.onnx')
    await jobs.inspect(files, signal)
    expect(started).toHaveLength(1)
  })

  it('starts no worker before the page is protected, and none for a call that was cancelled until then', async () => {
    let protect = (): void => undefined
    const isProtected = new Promise<void>((resolve) => (protect = resolve))
    const starts = vi.fn(() => {
      const worker = new FakeWorker({
        ...SILENT,
        inspect: async () => report('protected'),
      })
      started.push(worker)
      return worker as unknown as Worker
    })
    const jobs = new JobClient(starts, () => isProtected)
    const abort = new AbortController()
    const cancelled = jobs.inspect(files, abort.signal)
    const kept = jobs.inspect(files, new AbortController().signal)
    await new Promise((resolve) => setTimeout(resolve, 20))
    abort.abort()
    await expect(cancelled).rejects.toThrow(AbortError)
    expect(starts).not.toHaveBeenCalled()
    protect()
    expect((await kept).file.name).toBe('protected')
    expect(starts).toHaveBeenCalledOnce()
  })

  it('cancels at once by ending the worker, and the next call works in a fresh one', async () => {
    const jobs = client({}, { inspect: async () => report('second') })
    const abort = new AbortController()
    const running = jobs.compress(request, { ...ignored, signal: abort.signal })
    await vi.waitFor(() => expect(started).toHaveLength(1))
    abort.abort()
    await expect(running).rejects.toThrow(AbortError)
    expect(started[0]?.isTerminated).toBe(true)
    expect((await jobs.inspect(files, new AbortController().signal)).file.name).toBe('second')
  })

  it('cancelling a call that waits leaves the running one alone', async () => {
    let finish: (value: CompressResult) => void = () => undefined
    const jobs = client({ compress: () => new Promise((resolve) => (finish = resolve)) })
    const running = jobs.compress(request, { ...ignored, signal: new AbortController().signal })
    const abort = new AbortController()
    const waiting = jobs.inspect(files, abort.signal)
    abort.abort()
    await expect(waiting).rejects.toThrow(AbortError)
    await vi.waitFor(() => expect(started).toHaveLength(1))
    await new Promise((resolve) => setTimeout(resolve, 20))
    finish({ files: [] } as unknown as CompressResult)
    expect((await running).files).toEqual([])
    expect(started[0]?.isTerminated).toBe(false)
  })

  it('gives the class of a thrown error back and goes on with the next call', async () => {
    let count = 0
    const jobs = client({
      inspect: async () => {
        if (count++ === 0) throw new FormatError('the file ends in a tensor', { file: 'm.onnx', offset: 77 })
        return report('fine')
      },
    })
    const { signal } = new AbortController()
    await expect(jobs.inspect(files, signal)).rejects.toThrow(FormatError)
    expect((await jobs.inspect(files, signal)).file.name).toBe('fine')
    expect(started).toHaveLength(1)
  })

  it('reports a worker that breaks, and starts another one', async () => {
    const jobs = client({}, { inspect: async () => report('again') })
    const { signal } = new AbortController()
    const running = jobs.inspect(files, signal)
    await vi.waitFor(() => expect(started).toHaveLength(1))
    started[0]?.dispatchEvent(Object.assign(new Event('error'), { message: 'out of memory' }))
    await expect(running).rejects.toThrow(DeviceError)
    await expect(running).rejects.toThrow('The worker stopped (out of memory). The file is untouched; try again')
    expect((await jobs.inspect(files, signal)).file.name).toBe('again')
  })

  it('passes progress on and speaks up after 20 s of silence', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
    const seen: string[] = []
    const silences: number[] = []
    const abort = new AbortController()
    const jobs = client({
      compress: async (_request, onProgress) => {
        onProgress({ stage: 'read', done: 1, total: 3, unit: 'items' })
        return never()
      },
    })
    const running = jobs.compress(request, {
      signal: abort.signal,
      onProgress: ({ stage, done }) => seen.push(`${stage} ${done}`),
      onSilence: (ms) => silences.push(ms),
    })
    await vi.waitFor(() => expect(seen).toEqual(['read 1']))
    vi.advanceTimersByTime(SILENCE_MS - 100) // the watch looks every 5 s
    expect(silences).toEqual([])
    vi.advanceTimersByTime(5_100)
    expect(silences).toEqual([20_000, 25_000])
    abort.abort()
    await expect(running).rejects.toThrow(AbortError)
  })

  it('steers the training that runs, past what waits', async () => {
    const said: string[] = []
    let finish: (value: TrainResult) => void = () => undefined
    const jobs = client({
      train: (_job, onNews) => {
        onNews({ kind: 'stage', progress: { stage: 'train', done: 1, total: 3, unit: 'items' } })
        return new Promise((resolve) => (finish = resolve))
      },
      steer: async (decision) => void said.push(decision),
    })
    await jobs.steer('pause') // nothing runs: nothing happens
    const seen: string[] = []
    const data = { name: 'iris.csv', files: [] }
    const { signal } = new AbortController()
    const running = jobs.train(
      { data, settings: { seed: 0 }, jobId: 'a' },
      { signal, onNews: ({ kind }) => seen.push(kind), onSilence: () => undefined },
    )
    const waiting = jobs.inspect(files, signal)
    waiting.catch(() => undefined)
    await vi.waitFor(() => expect(seen).toEqual(['stage']))
    await jobs.steer('finish')
    expect(said).toEqual(['finish'])
    finish({ settings: { seed: 0 } } as TrainResult)
    expect((await running).settings).toEqual({ seed: 0 })
    jobs.dispose()
  })
})
