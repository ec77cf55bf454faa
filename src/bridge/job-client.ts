import { proxy, transferHandlers, wrap, type Remote } from 'comlink'
import { keepErrorClasses } from '../core/error-transfer'
import { AbortError, DeviceError } from '../core/errors'
import type { OnProgress } from '../core/progress'
import type { InspectReport } from '../jobs/inspect'
import type { SensitivityReport } from '../jobs/sensitivity/report'
import type {
  CompressRequest,
  CompressResult,
  DataFiles,
  JobWorkerApi,
  ModelFiles,
  OutputFile,
  SensitivityRequest,
} from '../workers/job-api'
import type { DataPreview } from '../jobs/train/preview'
import type { Steering, TrainAsk, TrainedFormat, TrainJob, TrainNews, TrainResult } from '../workers/train-api'

keepErrorClasses(transferHandlers)

/** How long a call may say nothing before the page says so. */
export const SILENCE_MS = 20_000

interface WatchedCall {
  readonly signal: AbortSignal
  /** Called when nothing was heard for `SILENCE_MS`, and again after each further silence. */
  readonly onSilence: (silentMs: number) => void
}

export interface CompressOptions extends WatchedCall {
  readonly onProgress: OnProgress
}

export interface TrainOptions extends WatchedCall {
  readonly onNews: (news: TrainNews) => void
}

export const startJobWorker = () =>
  new Worker(new URL('../workers/job.worker.ts', import.meta.url), { type: 'module', name: 'job' })

/**
 * One lane of work in a worker: calls run one after the other. Aborting a call ends the worker with everything inside
 * (onnxruntime cannot be interrupted otherwise); the next call starts a fresh one.
 */
export class JobClient {
  readonly #start: () => Worker
  readonly #whenReady: () => Promise<unknown>
  #worker: Worker | null = null
  #remote: Remote<JobWorkerApi> | null = null
  /** Rejects when the running worker breaks. */
  #broken: Promise<never> = new Promise(() => undefined)
  #lane: Promise<unknown> = Promise.resolve()

  /** @param whenReady what has to be there before a worker may see a file, e.g. the page's protection */
  constructor(start: () => Worker = startJobWorker, whenReady: () => Promise<unknown> = () => Promise.resolve()) {
    this.#start = start
    this.#whenReady = whenReady
  }

  inspect(files: ModelFiles, signal: AbortSignal): Promise<InspectReport> {
    return this.#enqueue(signal, (remote) => remote.inspect(files))
  }

  identifyModel(files: ModelFiles, signal: AbortSignal): Promise<string> {
    return this.#enqueue(signal, (remote) => remote.identifyModel(files))
  }

  identifyData(data: DataFiles, signal: AbortSignal): Promise<{ sha256: string; samples: number }> {
    return this.#enqueue(signal, (remote) => remote.identifyData(data))
  }

  compress(request: CompressRequest, options: CompressOptions): Promise<CompressResult> {
    return this.#watch(options, options.onProgress, (remote, heard) => remote.compress(request, heard))
  }

  preview(ask: TrainAsk, signal: AbortSignal): Promise<DataPreview> {
    return this.#enqueue(signal, (remote) => remote.preview(ask))
  }

  train(job: TrainJob, options: TrainOptions): Promise<TrainResult> {
    return this.#watch(options, options.onNews, (remote, heard) => remote.train(job, heard))
  }

  /** Reaches the training that runs, past everything that waits. */
  async steer(decision: Steering): Promise<void> {
    await this.#remote?.steer(decision)
  }

  trained(jobId: string, signal: AbortSignal): Promise<readonly TrainResult[]> {
    return this.#enqueue(signal, (remote) => remote.trained(jobId))
  }

  exportTrained(model: OutputFile, format: TrainedFormat, signal: AbortSignal): Promise<readonly OutputFile[]> {
    return this.#enqueue(signal, (remote) => remote.exportTrained(model, format))
  }

  sensitivity(
    request: SensitivityRequest,
    { signal, onProgress }: Omit<CompressOptions, 'onSilence'>,
  ): Promise<SensitivityReport> {
    const heard: OnProgress = (progress) => {
      if (!signal.aborted) onProgress(progress)
    }
    return this.#enqueue(signal, (remote) => remote.sensitivity(request, proxy(heard)))
  }

  /** Ends the worker; the next call starts a new one. */
  dispose(): void {
    this.#worker?.terminate()
    this.#worker = null
    this.#remote = null
  }

  /** A long call: what it tells is heard until it is cancelled, and silences are noticed. */
  #watch<News, T>(
    { signal, onSilence }: WatchedCall,
    onNews: (news: News) => void,
    call: (remote: Remote<JobWorkerApi>, heard: (news: News) => void) => Promise<T>,
  ): Promise<T> {
    return this.#enqueue(signal, async (remote) => {
      let heardMs = performance.now()
      const watchdog = setInterval(() => {
        const silentMs = performance.now() - heardMs
        if (silentMs >= SILENCE_MS) onSilence(silentMs)
      }, SILENCE_MS / 4)
      const heard = (news: News) => {
        if (signal.aborted) return
        heardMs = performance.now()
        onNews(news)
      }
      try {
        return await call(remote, proxy(heard))
      } finally {
        clearInterval(watchdog)
      }
    })
  }

  #enqueue<T>(signal: AbortSignal, call: (remote: Remote<JobWorkerApi>) => Promise<T>): Promise<T> {
    const result = this.#lane.then(() => this.#run(signal, call))
    this.#lane = result.catch(() => undefined)
    return raceAbort(result, signal)
  }

  async #run<T>(signal: AbortSignal, call: (remote: Remote<JobWorkerApi>) => Promise<T>): Promise<T> {
    if (signal.aborted) throw new AbortError()
    const onAbort = () => this.dispose()
    signal.addEventListener('abort', onAbort, { once: true })
    try {
      await raceAbort(this.#whenReady(), signal)
      const remote = this.#connect()
      // A terminated worker never answers, so the race is what ends this call.
      return await raceAbort(Promise.race([call(remote), this.#broken]), signal)
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  #connect(): Remote<JobWorkerApi> {
    if (this.#remote) return this.#remote
    const worker = this.#start()
    this.#worker = worker
    this.#broken = new Promise((_, reject) => {
      worker.addEventListener('error', (event) => {
        this.dispose()
        const why = event.message || 'its script could not be loaded'
        reject(
          new DeviceError(
            `The worker stopped (${why}). The file is untouched; try again, or reload the page if it happens twice.`,
          ),
        )
      })
    })
    this.#broken.catch(() => undefined) // seen by the call in flight
    this.#remote = wrap<JobWorkerApi>(worker)
    return this.#remote
  }
}

/** Rejects with AbortError as soon as `signal` is aborted, whatever `work` does. */
function raceAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined)
    return Promise.reject(new AbortError())
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new AbortError())
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
