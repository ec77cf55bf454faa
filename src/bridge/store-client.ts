import { proxy, transferHandlers, wrap, type Remote } from 'comlink'
import { keepErrorClasses } from '../core/error-transfer'
import type { OutputFile } from '../workers/job-api'
import type { ExportProgress, StoreState, StoreTrouble, StoreWorkerApi } from '../workers/store-api'

keepErrorClasses(transferHandlers)

export const startStoreWorker = () =>
  new Worker(new URL('../workers/store.worker.ts', import.meta.url), { type: 'module', name: 'store' })

export interface StoreEvents {
  readonly onTrouble: (trouble: StoreTrouble) => void
  /** Another tab, or a job, changed the store. */
  readonly onChange: () => void
}

const NOTHING_KEPT: StoreState = {
  mode: 'memory',
  isPersisted: false,
  resultBytes: 0,
  inputBytes: 0,
  pinnedBytes: 0,
  quotaBytes: 0,
  usageBytes: 0,
}

/** The page's side of the store. The worker starts with the first call; where it cannot, nothing is kept. */
export class StoreClient {
  readonly #start: () => Promise<Worker>
  readonly #events: StoreEvents
  #remote: Promise<Remote<StoreWorkerApi>> | undefined

  /** @param start may wait for what has to be there first, e.g. the page's protection */
  constructor(events: StoreEvents, start: () => Worker | Promise<Worker> = startStoreWorker) {
    this.#events = events
    this.#start = async () => start()
  }

  async open(): Promise<StoreState> {
    try {
      const { onTrouble, onChange } = this.#events
      return await (await this.#connect()).open(proxy(onTrouble), proxy(onChange))
    } catch (error) {
      this.#events.onTrouble({ kind: 'refused', detail: error instanceof Error ? error.message : String(error) })
      return NOTHING_KEPT
    }
  }

  /** Asks the browser to keep this origin's data when the disk gets full; its answer. Only a page may ask. */
  async persist(): Promise<boolean> {
    // not there on an address that is not secure
    return (await navigator.storage?.persist?.()) ?? false
  }

  /**
   * One zip of these results, as a handle to the disk; `cancelExport` ends it.
   * @throws AbortError when it was cancelled
   */
  exportZip(ids: readonly string[] | 'all', onProgress: (progress: ExportProgress) => void): Promise<OutputFile> {
    return this.call((store) => store.exportZip(ids, proxy(onProgress)))
  }

  /** Calls the worker: `client.call((store) => store.list())`. */
  async call<T>(work: (store: Remote<StoreWorkerApi>) => Promise<T>): Promise<T> {
    return work(await this.#connect())
  }

  #connect(): Promise<Remote<StoreWorkerApi>> {
    return (this.#remote ??= this.#start().then((worker) => {
      const broken = new Promise<never>((_, reject) => {
        worker.addEventListener('error', (event) => {
          event.preventDefault()
          reject(new Error(event.message || 'the script of the store could not be loaded'))
        })
      })
      broken.catch(() => undefined) // seen by the calls below
      return withFailure(wrap<StoreWorkerApi>(worker), broken)
    }))
  }
}

/** Calls of a worker that broke would wait for ever; they fail instead. */
function withFailure(remote: Remote<StoreWorkerApi>, broken: Promise<never>): Remote<StoreWorkerApi> {
  return new Proxy(remote, {
    get(target, name) {
      // a promise is asked for `then`; a remote is none
      if (name === 'then') return undefined
      const method = target[name as keyof StoreWorkerApi] as (...args: unknown[]) => Promise<unknown>
      return (...args: unknown[]) => Promise.race([method(...args), broken])
    },
  })
}
